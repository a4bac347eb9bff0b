import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  type BeginConversation,
  beginConversationSchema,
  type Conversation,
  conversationSchema,
  problemSchema,
} from '@parley/contract';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { OutboundService } from './queueing/outbound.service.js';

@ApiTags('conversations')
@Controller('conversations')
export class BeginningsController {
  constructor(private readonly outbound: OutboundService) {}

  @Post()
  @ApiOperation({ summary: 'Writes to a customer first, with a template; a thread that there is goes on' })
  @Requires('messages.send')
  @ApiCreatedResponse({ standardSchema: conversationSchema })
  @ApiOkResponse({ description: 'The same conversation, for a repeated id', standardSchema: conversationSchema })
  @ApiResponse({
    status: 409,
    description:
      'message.id_reused, conversation.changed, contact.marketing_stopped, channel.restricted, channel.limit_reached, media.link_pending',
    standardSchema: problemSchema,
  })
  @ApiResponse({
    status: 422,
    description:
      'message.phone_needed, template.unavailable, template.invalid, media.link_failed (with link and reason), media.unsupported',
    standardSchema: problemSchema,
  })
  @ApiResponse({ status: 413, description: 'media.too_large: the file at a link', standardSchema: problemSchema })
  async begin(
    @Body({ schema: beginConversationSchema }) request: BeginConversation,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Conversation> {
    const { conversation, isNew } = await this.outbound.begin(agent, request);
    void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return conversation;
  }
}

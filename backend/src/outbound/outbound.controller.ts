import { Body, Controller, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  type Message,
  messageSchema,
  problemSchema,
  type ResendMessage,
  resendMessageSchema,
  type SendMessage,
  sendMessageSchema,
} from '@parley/contract';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { OutboundService, type SendResult } from './outbound.service.js';

@ApiTags('messages')
@Controller('conversations/:id/messages')
export class OutboundController {
  constructor(private readonly outbound: OutboundService) {}

  @Post()
  @ApiOperation({ summary: 'Sends a message; repeating the request repeats the answer, not the message' })
  @Requires('messages.send')
  @ApiCreatedResponse({ standardSchema: messageSchema })
  @ApiOkResponse({ description: 'The same message, for a repeated id and body', standardSchema: messageSchema })
  @ApiResponse({ status: 409, description: 'message.id_reused, conversation.changed', standardSchema: problemSchema })
  @ApiResponse({ status: 422, description: 'window.closed, message.reply_not_found', standardSchema: problemSchema })
  async send(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: sendMessageSchema }) request: SendMessage,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    return answer(await this.outbound.send(agent, id, request), reply);
  }

  @Post(':messageId/resend')
  @ApiOperation({ summary: 'Sends a failed or unknown message again, as a new one' })
  @Requires('messages.send')
  @ApiCreatedResponse({ standardSchema: messageSchema })
  @ApiOkResponse({ description: 'The same message, for a repeated id', standardSchema: messageSchema })
  @ApiResponse({
    status: 409,
    description: 'message.not_retryable and those of sending',
    standardSchema: problemSchema,
  })
  @ApiResponse({ status: 422, description: 'window.closed', standardSchema: problemSchema })
  async resend(
    @Param('id', { schema: idSchema }) id: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @Body({ schema: resendMessageSchema }) request: ResendMessage,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    return answer(await this.outbound.resend(agent, id, messageId, request), reply);
  }
}

function answer({ message, isNew }: SendResult, reply: FastifyReply): Message {
  void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
  return message;
}

import { Body, Controller, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  type ForwardMessage,
  forwardMessageSchema,
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
import { OutboundService, type SendResult } from './queueing/outbound.service.js';
import { UndoService } from './undo/undo.service.js';

@ApiTags('messages')
@Controller('conversations/:id/messages')
export class OutboundController {
  constructor(
    private readonly outbound: OutboundService,
    private readonly undos: UndoService,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Sends a message; repeating the request repeats the answer, not the message' })
  @Requires('messages.send')
  @ApiCreatedResponse({ standardSchema: messageSchema })
  @ApiOkResponse({ description: 'The same message, for a repeated id and body', standardSchema: messageSchema })
  @ApiResponse({
    status: 409,
    description:
      'message.id_reused, conversation.changed, contact.marketing_stopped, channel.restricted, channel.limit_reached, media.link_pending',
    standardSchema: problemSchema,
  })
  @ApiResponse({
    status: 422,
    description:
      'window.closed, message.reply_not_found, message.phone_needed, message.wrong_country, template.unavailable, template.invalid, media.link_failed (with link and reason), media.unsupported',
    standardSchema: problemSchema,
  })
  @ApiResponse({ status: 404, description: 'conversation.not_found, media.not_found', standardSchema: problemSchema })
  @ApiResponse({ status: 413, description: 'media.too_large: the file at a link', standardSchema: problemSchema })
  async send(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: sendMessageSchema }) request: SendMessage,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    return answer(await this.outbound.send(agent, id, request), reply);
  }

  @Post(':messageId/undo')
  @ApiOperation({ summary: 'Takes back a message that is held back (`undoSeconds`) and has not left' })
  @Requires('messages.send')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: messageSchema })
  @ApiResponse({ status: 409, description: 'message.not_undoable, with `message`', standardSchema: problemSchema })
  undo(
    @Param('id', { schema: idSchema }) id: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Message> {
    return this.undos.undo(agent, id, messageId);
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
  @ApiResponse({
    status: 422,
    description: 'window.closed, message.phone_needed, template.unavailable, template.invalid',
    standardSchema: problemSchema,
  })
  async resend(
    @Param('id', { schema: idSchema }) id: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @Body({ schema: resendMessageSchema }) request: ResendMessage,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    return answer(await this.outbound.resend(agent, id, messageId, request), reply);
  }

  @Post(':messageId/forward')
  @ApiOperation({ summary: 'Sends what a message says to another conversation, as a new message there' })
  @Requires('messages.send')
  @ApiCreatedResponse({ description: 'The new message', standardSchema: messageSchema })
  @ApiOkResponse({ description: 'The same message, for a repeated id', standardSchema: messageSchema })
  @ApiResponse({ status: 409, description: 'message.id_reused, conversation.changed', standardSchema: problemSchema })
  @ApiResponse({ status: 422, description: 'window.closed, message.not_forwardable', standardSchema: problemSchema })
  async forward(
    @Param('id', { schema: idSchema }) conversationId: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @Body({ schema: forwardMessageSchema }) request: ForwardMessage,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    return answer(await this.outbound.forward(agent, { conversationId, messageId }, request), reply);
  }
}

function answer({ message, isNew }: SendResult, reply: FastifyReply): Message {
  void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
  return message;
}

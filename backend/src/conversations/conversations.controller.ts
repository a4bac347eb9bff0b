import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  assignSchema,
  conversationCountsSchema,
  conversationListQuerySchema,
  conversationListSchema,
  conversationSchema,
  idSchema,
  markReadSchema,
  messageListQuerySchema,
  messageListSchema,
  problemSchema,
  setPrioritySchema,
  setTagsSchema,
  snoozeSchema,
  takeNextSchema,
  takenNextSchema,
  transitionSchema,
  type Assign,
  type Conversation,
  type ConversationCounts,
  type ConversationList,
  type ConversationListQuery,
  type MarkRead,
  type MessageList,
  type MessageListQuery,
  type SetPriority,
  type SetTags,
  type Snooze,
  type TakeNext,
  type TakenNext,
  type Transition,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { InboxService } from './inbox/inbox.service.js';
import { OwnershipService } from './ownership/ownership.service.js';
import { ReadingService } from './reading/reading.service.js';

const CONFLICT = { standardSchema: problemSchema, description: 'With `assignee` or `conversation` as it stands now.' };

@ApiTags('conversations')
@Controller('conversations')
export class ConversationsController {
  constructor(
    private readonly inbox: InboxService,
    private readonly ownership: OwnershipService,
    private readonly reading: ReadingService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'A page of the inbox' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: conversationListSchema })
  list(
    @Query({ schema: conversationListQuerySchema }) request: ConversationListQuery,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<ConversationList> {
    return this.inbox.list(agent, request);
  }

  @Get('counts')
  @ApiOperation({ summary: 'How many conversations the standard views have' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: conversationCountsSchema })
  counts(@CurrentAgent() agent: AuthenticatedAgent): Promise<ConversationCounts> {
    return this.inbox.counts(agent);
  }

  @Post('next')
  @ApiOperation({ summary: 'Hands out the oldest that nobody owns and nobody looks at; two who ask at once get two' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: takenNextSchema })
  async next(
    @Body({ schema: takeNextSchema }) request: TakeNext,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<TakenNext> {
    return { conversation: await this.ownership.next(agent, request) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One conversation' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: conversationSchema })
  get(@Param('id', { schema: idSchema }) id: string, @CurrentAgent() agent: AuthenticatedAgent): Promise<Conversation> {
    return this.inbox.get(agent, id);
  }

  @Get(':id/messages')
  @ApiOperation({ summary: 'A page of a thread, newest first' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: messageListSchema })
  messages(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: messageListQuerySchema }) request: MessageListQuery,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<MessageList> {
    return this.inbox.messages(agent, id, request);
  }

  @Post(':id/read')
  @ApiOperation({ summary: 'Everything up to this message is read by the caller' })
  @Requires('conversations.read')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  async read(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: markReadSchema }) request: MarkRead,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<void> {
    await this.reading.markRead(agent, id, request);
  }

  @Post(':id/unread')
  @ApiOperation({ summary: 'The customer’s newest message is unread again for the caller' })
  @Requires('conversations.read')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  unread(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.reading.markUnread(agent, id);
  }

  @Post(':id/claim')
  @ApiOperation({ summary: 'Takes what nobody owns; the first agent wins' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse(CONFLICT)
  claim(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.claim(agent, id);
  }

  @Post(':id/release')
  @ApiOperation({ summary: 'Gives it back to the queue' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse(CONFLICT)
  release(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: transitionSchema }) { expectedVersion }: Transition,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.release(agent, id, expectedVersion);
  }

  @Post(':id/assign')
  @ApiOperation({ summary: 'Gives it to an agent, a team or the queue' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse(CONFLICT)
  assign(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: assignSchema }) request: Assign,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.assign(agent, id, request);
  }

  @Post(':id/resolve')
  @ApiOperation({ summary: 'Closes its case' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse(CONFLICT)
  resolve(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: transitionSchema }) { expectedVersion }: Transition,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.resolve(agent, id, expectedVersion);
  }

  @Post(':id/reopen')
  @ApiOperation({ summary: 'Opens a new case, or wakes it before its time' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse(CONFLICT)
  reopen(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: transitionSchema }) { expectedVersion }: Transition,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.reopen(agent, id, expectedVersion);
  }

  @Post(':id/snooze')
  @ApiOperation({ summary: 'Puts it out of sight until then, or until the customer writes' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse(CONFLICT)
  snooze(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: snoozeSchema }) { until, expectedVersion }: Snooze,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.snooze(agent, id, new Date(until), expectedVersion);
  }

  @Post(':id/tags')
  @ApiOperation({ summary: 'Adds and removes tags' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse(CONFLICT)
  setTags(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: setTagsSchema }) request: SetTags,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.setTags(agent, id, request);
  }

  @Post(':id/priority')
  @ApiOperation({ summary: 'Says how pressing it is' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse(CONFLICT)
  setPriority(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: setPrioritySchema }) request: SetPriority,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.setPriority(agent, id, request);
  }

  @Post(':id/undo')
  @ApiOperation({ summary: 'Takes the caller’s own newest act back, within a minute and if nobody has acted since' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse({ standardSchema: problemSchema, description: 'conversation.not_undoable' })
  undo(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.ownership.undo(agent, id);
  }
}

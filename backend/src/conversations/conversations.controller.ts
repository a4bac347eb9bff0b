import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
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
  snoozeSchema,
  transitionSchema,
  type Assign,
  type Conversation,
  type ConversationCounts,
  type ConversationList,
  type ConversationListQuery,
  type MarkRead,
  type MessageList,
  type MessageListQuery,
  type Snooze,
  type Transition,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { InboxService } from './inbox.service.js';
import { OwnershipService } from './ownership.service.js';
import { ReadingService } from './reading.service.js';

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
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: conversationListSchema })
  list(
    @Query({ schema: conversationListQuerySchema }) request: ConversationListQuery,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<ConversationList> {
    return this.inbox.list(agent, request);
  }

  @Get('counts')
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: conversationCountsSchema })
  counts(@CurrentAgent() agent: AuthenticatedAgent): Promise<ConversationCounts> {
    return this.inbox.counts(agent);
  }

  @Get(':id')
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: conversationSchema })
  get(@Param('id', { schema: idSchema }) id: string, @CurrentAgent() agent: AuthenticatedAgent): Promise<Conversation> {
    return this.inbox.get(agent, id);
  }

  @Get(':id/messages')
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
  @Requires('conversations.read')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  async read(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: markReadSchema }) { messageId }: MarkRead,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<void> {
    await this.reading.markRead(agent, id, messageId);
  }

  @Post(':id/claim')
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
}

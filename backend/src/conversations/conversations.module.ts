import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { ConversationAccess } from './conversation-access.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsReader } from './conversations.reader.js';
import { ConversationsRepository } from './conversations.repository.js';
import { HydrationRepository } from './hydration.repository.js';
import { InboxRepository } from './inbox.repository.js';
import { InboxService } from './inbox.service.js';
import { OutboundMessagesRepository } from './outbound-messages.repository.js';
import { OwnershipChanges } from './ownership-changes.js';
import { OwnershipRepository } from './ownership.repository.js';
import { OwnershipService } from './ownership.service.js';
import { ReadCursorsRepository } from './read-cursors.repository.js';
import { ReadReceiptsRepository } from './read-receipts.repository.js';
import { ReadingService } from './reading.service.js';
import { SnoozeSweeper } from './snooze.sweeper.js';
import { IdentitiesRepository } from './inbound/identities.repository.js';
import { InboundMessagesRepository } from './inbound/inbound-messages.repository.js';
import { InboundService } from './inbound/inbound.service.js';
import { PresentAgents } from './inbound/present-agents.js';
import { ReactionItems } from './inbound/reaction-items.js';
import { ThreadsRepository } from './inbound/threads.repository.js';
import { WaitingItemsRepository } from './inbound/waiting-items.repository.js';
import { MessageStatusesRepository } from './statuses/message-statuses.repository.js';
import { StatusApplicationRepository } from './statuses/status-application.repository.js';
import { StatusItems } from './statuses/status-items.js';
import { ThreadRepository } from './thread.repository.js';

@Module({
  imports: [AgentsModule],
  controllers: [ConversationsController],
  providers: [
    ConversationAccess,
    ConversationsReader,
    ConversationsRepository,
    HydrationRepository,
    IdentitiesRepository,
    InboundMessagesRepository,
    InboundService,
    InboxRepository,
    InboxService,
    MessageStatusesRepository,
    OutboundMessagesRepository,
    OwnershipChanges,
    OwnershipRepository,
    OwnershipService,
    PresentAgents,
    ReactionItems,
    ReadCursorsRepository,
    ReadReceiptsRepository,
    ReadingService,
    SnoozeSweeper,
    StatusApplicationRepository,
    StatusItems,
    ThreadRepository,
    ThreadsRepository,
    WaitingItemsRepository,
  ],
  exports: [
    ConversationAccess,
    ConversationsReader,
    ConversationsRepository,
    InboundService,
    MessageStatusesRepository,
    OutboundMessagesRepository,
    OwnershipService,
    PresentAgents,
    ReadReceiptsRepository,
    WaitingItemsRepository,
  ],
})
export class ConversationsModule {}

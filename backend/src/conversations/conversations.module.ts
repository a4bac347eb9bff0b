import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { ConversationAccess } from './conversation-access.js';
import { ConversationsReader } from './conversations.reader.js';
import { ConversationsRepository } from './conversations.repository.js';
import { HydrationRepository } from './hydration.repository.js';
import { OutboundMessagesRepository } from './outbound-messages.repository.js';
import { OwnershipChanges } from './ownership-changes.js';
import { OwnershipRepository } from './ownership.repository.js';
import { OwnershipService } from './ownership.service.js';
import { ReadReceiptsRepository } from './read-receipts.repository.js';
import { SnoozeSweeper } from './snooze.sweeper.js';

@Module({
  imports: [AgentsModule],
  providers: [
    ConversationAccess,
    ConversationsReader,
    ConversationsRepository,
    HydrationRepository,
    OutboundMessagesRepository,
    OwnershipChanges,
    OwnershipRepository,
    OwnershipService,
    ReadReceiptsRepository,
    SnoozeSweeper,
  ],
  exports: [
    ConversationAccess,
    ConversationsReader,
    ConversationsRepository,
    OutboundMessagesRepository,
    OwnershipService,
    ReadReceiptsRepository,
  ],
})
export class ConversationsModule {}

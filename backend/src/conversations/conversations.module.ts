import { Module } from '@nestjs/common';
import { ConversationAccess } from './conversation-access.js';
import { ConversationsReader } from './conversations.reader.js';
import { ConversationsRepository } from './conversations.repository.js';
import { HydrationRepository } from './hydration.repository.js';
import { OutboundMessagesRepository } from './outbound-messages.repository.js';

@Module({
  providers: [
    ConversationAccess,
    ConversationsReader,
    ConversationsRepository,
    HydrationRepository,
    OutboundMessagesRepository,
  ],
  exports: [ConversationAccess, ConversationsReader, ConversationsRepository, OutboundMessagesRepository],
})
export class ConversationsModule {}

import { Module } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository.js';
import { OutboundMessagesRepository } from './outbound-messages.repository.js';

@Module({
  providers: [ConversationsRepository, OutboundMessagesRepository],
  exports: [ConversationsRepository, OutboundMessagesRepository],
})
export class ConversationsModule {}

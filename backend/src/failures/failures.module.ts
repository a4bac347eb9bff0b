import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { FailuresController } from './failures.controller.js';
import { FailuresRepository } from './failures.repository.js';
import { FailuresService } from './failures.service.js';

@Module({
  imports: [ConversationsModule],
  controllers: [FailuresController],
  providers: [FailuresRepository, FailuresService],
})
export class FailuresModule {}

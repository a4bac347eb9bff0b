import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { OutboundModule } from '../outbound/outbound.module.js';
import { BotRulesRepository } from './bot-rules.repository.js';
import { BotRulesService } from './bot-rules.service.js';
import { BotTurnsRepository } from './bot-turns.repository.js';
import { BotController } from './bot.controller.js';
import { BotService } from './bot.service.js';
import { BotWorker } from './bot.worker.js';

@Module({
  imports: [ChannelsModule, ConversationsModule, OutboundModule],
  controllers: [BotController],
  providers: [BotRulesRepository, BotRulesService, BotTurnsRepository, BotService, BotWorker],
  exports: [BotRulesService],
})
export class BotModule {}

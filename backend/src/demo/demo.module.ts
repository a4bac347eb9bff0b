import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { BotModule } from '../bot/bot.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { DemoRepository } from './demo.repository.js';
import { DemoService } from './demo.service.js';

/** Does nothing outside demo mode. */
@Module({ imports: [AgentsModule, BotModule, ChannelsModule], providers: [DemoRepository, DemoService] })
export class DemoModule {}

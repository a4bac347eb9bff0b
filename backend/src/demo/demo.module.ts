import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { BotModule } from '../bot/bot.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { DemoController } from './demo.controller.js';
import { DemoLife } from './demo-life.js';
import { DemoRepository } from './demo.repository.js';
import { WorkspaceModule } from '../workspace/workspace.module.js';
import { DemoService } from './demo.service.js';

/** Does nothing outside demo mode. */
@Module({
  imports: [AgentsModule, BotModule, ChannelsModule, WorkspaceModule],
  controllers: [DemoController],
  providers: [DemoLife, DemoRepository, DemoService],
})
export class DemoModule {}

import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AgentsModule } from './agents/agents.module.js';
import { AgentThrottlerGuard, agentThrottling } from './app/agent-throttler.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { BotModule } from './bot/bot.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import { ConfigModule } from './config/config.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DemoModule } from './demo/demo.module.js';
import { HealthModule } from './health/health.module.js';
import { HintsModule } from './hints/hints.module.js';
import { LogModule } from './log/log.module.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { QueuesModule } from './queues/queues.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { WebhookModule } from './webhook/webhook.module.js';

/** Composition only. */
@Module({
  imports: [
    ConfigModule,
    DatabaseModule,
    HintsModule,
    LogModule,
    QueuesModule,
    agentThrottling,
    AuthModule,
    AgentsModule,
    ChannelsModule,
    ConversationsModule,
    WebhookModule,
    OutboundModule,
    BotModule,
    RealtimeModule,
    HealthModule,
    DemoModule,
  ],
  // After AuthModule's guard: the limit is per signed-in agent.
  providers: [{ provide: APP_GUARD, useClass: AgentThrottlerGuard }],
})
export class AppModule {}

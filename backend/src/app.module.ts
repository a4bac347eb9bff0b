import { Module } from '@nestjs/common';
import { AgentsModule } from './agents/agents.module.js';
import { ThrottlingModule } from './app/throttling.module.js';
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
    AuthModule,
    ThrottlingModule,
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
})
export class AppModule {}

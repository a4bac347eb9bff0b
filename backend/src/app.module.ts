import { Module } from '@nestjs/common';
import { AgentsModule } from './agents/agents.module.js';
import { ThrottlingModule } from './app/throttling.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BotModule } from './bot/bot.module.js';
import { CannedRepliesModule } from './canned-replies/canned-replies.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import { ConfigModule } from './config/config.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { CostsModule } from './costs/costs.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DemoModule } from './demo/demo.module.js';
import { FailuresModule } from './failures/failures.module.js';
import { HealthModule } from './health/health.module.js';
import { HintsModule } from './hints/hints.module.js';
import { LogModule } from './log/log.module.js';
import { MediaModule } from './media/media.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { QueuesModule } from './queues/queues.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { SetupModule } from './setup/setup.module.js';
import { TemplatesModule } from './templates/templates.module.js';
import { WebhookModule } from './webhook/webhook.module.js';
import { WorkspaceModule } from './workspace/workspace.module.js';

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
    WorkspaceModule,
    ChannelsModule,
    ConversationsModule,
    WebhookModule,
    MediaModule,
    TemplatesModule,
    OutboundModule,
    FailuresModule,
    BotModule,
    CannedRepliesModule,
    CostsModule,
    NotificationsModule,
    RealtimeModule,
    SetupModule,
    HealthModule,
    DemoModule,
  ],
})
export class AppModule {}

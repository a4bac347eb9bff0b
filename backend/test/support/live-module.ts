import { Module } from '@nestjs/common';
import { AgentsModule } from '../../src/agents/agents.module.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { ChannelsModule } from '../../src/channels/channels.module.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { ConversationsModule } from '../../src/conversations/conversations.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { HintsModule } from '../../src/hints/hints.module.js';
import { LogModule } from '../../src/log/log.module.js';
import { RealtimeModule } from '../../src/realtime/realtime.module.js';

/** The application without its workers: nothing but the test writes to the log. */
@Module({
  imports: [
    ConfigModule,
    DatabaseModule,
    HintsModule,
    LogModule,
    AuthModule,
    AgentsModule,
    ChannelsModule,
    ConversationsModule,
    RealtimeModule,
  ],
})
export class LiveModule {}

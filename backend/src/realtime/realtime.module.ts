import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { Broadcaster } from './broadcaster.js';
import { EventHistory } from './events/event-history.js';
import { EventPages } from './events/event-pages.js';
import { EventsController } from './events/events.controller.js';
import { Hydrator } from './events/hydrator.js';
import { PresenceLeases } from './presence/presence-leases.js';
import { PresenceService } from './presence/presence.service.js';
import { RealtimeGateway } from './realtime.gateway.js';
import { RealtimeRepository } from './realtime.repository.js';
import { ResumeService } from './resume.service.js';
import { SetupNews } from './setup-news.js';
import { SocketHandlers } from './socket-handlers.js';
import { SocketRouter } from './socket-router.js';
import { SlowSockets } from './sockets/slow-sockets.js';
import { SocketAuth } from './sockets/socket-auth.js';
import { SocketDrain } from './sockets/socket-drain.js';
import { SocketHub } from './sockets/socket-hub.js';

@Module({
  imports: [AgentsModule, AuthModule, ConversationsModule],
  controllers: [EventsController],
  providers: [
    Broadcaster,
    EventHistory,
    EventPages,
    Hydrator,
    PresenceLeases,
    PresenceService,
    RealtimeGateway,
    RealtimeRepository,
    ResumeService,
    SetupNews,
    SlowSockets,
    SocketAuth,
    SocketDrain,
    SocketHandlers,
    SocketHub,
    SocketRouter,
  ],
})
export class RealtimeModule {}

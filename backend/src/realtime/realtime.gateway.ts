import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { setTimeout as delay } from 'node:timers/promises';
import { PresenceService } from './presence.service.js';
import { SocketAuth } from './socket-auth.js';
import { SocketHub } from './socket-hub.js';
import { closeNow } from './socket-pressure.js';
import { SocketRouter } from './socket-router.js';
import type { RealtimeServer, RealtimeSocket } from './socket-types.js';

/** At a shutdown the clients are sent away one by one, so that they do not all knock at the next instance at once. */
const DRAIN_PER_SOCKET_MS = 10;
const DRAIN_MAX_MS = 3_000;
/** A client that does not read does not say goodbye either: nobody waits longer for it. */
const GOODBYE_MS = 200;

/** Where sockets come and go; everything else is behind it. */
@WebSocketGateway()
export class RealtimeGateway implements OnGatewayInit<RealtimeServer>, BeforeApplicationShutdown {
  private readonly logger = new Logger(RealtimeGateway.name);

  constructor(
    private readonly hub: SocketHub,
    private readonly auth: SocketAuth,
    private readonly router: SocketRouter,
    private readonly presence: PresenceService,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.hub.attach(server);
    server.use(this.auth.admit);
    server.on('connection', (socket) => this.connected(socket));
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { sockets } = this.hub;
    const spreadMs = Math.min(sockets.length * DRAIN_PER_SOCKET_MS, DRAIN_MAX_MS);
    await Promise.all(
      sockets.map(async (socket) => {
        await delay(Math.random() * spreadMs);
        // Not `disconnect`, after which a client would stay away.
        socket.conn.close();
      }),
    );
    if (this.hub.sockets.length > 0) await delay(GOODBYE_MS);
    for (const socket of this.hub.sockets) closeNow(socket);
  }

  private connected(socket: RealtimeSocket): void {
    this.router.bind(socket);
    this.auth.watch(socket);
    this.presence.connected(socket);
    socket.on('error', (error) => this.logger.warn(`socket of agent ${socket.data.agent.id}: ${error.message}`));
    socket.on('disconnect', () => {
      this.auth.unwatch(socket);
      this.presence.disconnected(socket);
    });
  }
}

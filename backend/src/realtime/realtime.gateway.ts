import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { PresenceService } from './presence/presence.service.js';
import { SocketRouter } from './socket-router.js';
import { coalesceWrites } from './sockets/coalesced-writes.js';
import { SocketAuth } from './sockets/socket-auth.js';
import { SocketDrain } from './sockets/socket-drain.js';
import { SocketHub } from './sockets/socket-hub.js';
import type { RealtimeServer, RealtimeSocket } from './sockets/socket-types.js';

/** Where sockets come and go; everything else is behind it. */
@WebSocketGateway()
export class RealtimeGateway implements OnGatewayInit<RealtimeServer>, BeforeApplicationShutdown {
  private readonly logger = new Logger(RealtimeGateway.name);

  constructor(
    private readonly hub: SocketHub,
    private readonly auth: SocketAuth,
    private readonly router: SocketRouter,
    private readonly presence: PresenceService,
    private readonly drain: SocketDrain,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.hub.attach(server);
    server.use(this.auth.admit);
    server.on('connection', (socket) => this.connected(socket));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.drain.drain();
  }

  private connected(socket: RealtimeSocket): void {
    coalesceWrites(socket);
    this.router.bind(socket);
    this.auth.watch(socket);
    this.auth.forgetHandshake(socket);
    this.presence.connected(socket);
    socket.on('error', (error) => this.logger.warn(`socket of agent ${socket.data.agent.id}: ${error.message}`));
    socket.on('disconnect', () => {
      this.auth.unwatch(socket);
      this.presence.disconnected(socket);
    });
  }
}

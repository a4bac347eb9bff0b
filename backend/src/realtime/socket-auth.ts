import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AccessService } from '../auth/access.service.js';
import { DomainError, ForbiddenError } from '../common/domain.error.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { HintsService } from '../hints/hints.service.js';
import { hasOtherAccess } from './audience.js';
import { isAllowedOrigin } from '../common/origin.js';
import { SocketHub } from './socket-hub.js';
import type { RealtimeSocket } from './socket-types.js';

const RECHECK_EVERY_MS = 60_000;

/** Who is behind a socket: checked at the handshake, when the token runs out, every minute and on every hint. */
@Injectable()
export class SocketAuth implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SocketAuth.name);
  private timer: NodeJS.Timeout | null = null;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly access: AccessService,
    private readonly hub: SocketHub,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    hints: HintsService,
  ) {
    this.unsubscribe = hints.on('access', ({ agentId }) => void this.recheckAll(this.hub.socketsOf(agentId)));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.recheckAll(this.hub.sockets), RECHECK_EVERY_MS);
  }

  onModuleDestroy(): void {
    this.unsubscribe();
    if (this.timer) clearInterval(this.timer);
  }

  /** Middleware of the handshake: refuses before the socket exists; the client gets `connect_error` with the code. */
  readonly admit = (socket: RealtimeSocket, next: (error?: Error) => void): void => {
    this.identify(socket).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  };

  /** From the connection on the token's end is the socket's. */
  watch(socket: RealtimeSocket): void {
    clearTimeout(socket.data.expiryTimer);
    const restMs = socket.data.expiresAt.getTime() - Date.now();
    socket.data.expiryTimer = setTimeout(() => this.end(socket), Math.max(restMs, 0));
  }

  unwatch(socket: RealtimeSocket): void {
    clearTimeout(socket.data.expiryTimer);
  }

  /**
   * A fresh token of the same agent.
   * @throws DomainError auth.required, ForbiddenError
   */
  async refresh(socket: RealtimeSocket, token: string): Promise<void> {
    const { agent, expiresAt } = await this.access.authenticate(token);
    if (agent.id !== socket.data.agent.id) throw new ForbiddenError('A socket stays with its agent.');
    socket.data.expiresAt = expiresAt;
    this.hub.setAgent(socket, agent);
    this.watch(socket);
  }

  /** Looks session and agent up again; false when the socket had to go. */
  async recheck(socket: RealtimeSocket): Promise<boolean> {
    const agent = await this.access.recheck(socket.data.agent.sessionId);
    if (!agent) {
      this.end(socket);
      return false;
    }
    if (hasOtherAccess(socket.data.agent, agent)) this.hub.setAgent(socket, agent);
    return true;
  }

  private async identify(socket: RealtimeSocket): Promise<void> {
    if (!isAllowedOrigin(socket.handshake.headers, this.environment.publicUrl)) {
      throw new ForbiddenError('This page may not connect.');
    }
    const token: unknown = socket.handshake.auth['token'];
    const { agent, expiresAt } = await this.access.authenticate(typeof token === 'string' ? token : '');
    Object.assign(socket.data, { agent, expiresAt, isLive: false, slowSinceMs: null });
  }

  private async recheckAll(sockets: readonly RealtimeSocket[]): Promise<void> {
    for (const socket of sockets) {
      try {
        await this.recheck(socket);
      } catch (error) {
        this.logger.warn(`a socket could not be checked again: ${String(error)}`);
      }
    }
  }

  private end(socket: RealtimeSocket): void {
    this.hub.leave(socket);
    socket.emit('auth:revoked', { code: 'auth.required' });
    socket.disconnect(true);
  }
}

function refusal(error: unknown): Error {
  const code = error instanceof DomainError ? error.code : 'service.unavailable';
  return Object.assign(new Error(code), { data: { code } });
}

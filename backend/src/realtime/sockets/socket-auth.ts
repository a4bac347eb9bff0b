import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AccessService } from '../../auth/access.service.js';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { DomainError, ForbiddenError } from '../../common/domain.error.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { HintsService } from '../../hints/hints.service.js';
import { hasOtherAccess } from '../audience.js';
import { isAllowedOrigin } from '../../common/origin.js';
import { SocketHub } from './socket-hub.js';
import type { RealtimeSocket } from './socket-types.js';

const RECHECK_EVERY_MS = 60_000;
const RECHECKED_AT_ONCE = 500;

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

  /**
   * The handshake is over: its request, headers and token, some ten kilobytes of each socket, are of no use any more, and
   * a token is best not kept.
   */
  forgetHandshake(socket: RealtimeSocket): void {
    Object.assign(socket.handshake, { headers: {}, query: {}, auth: {} });
    Reflect.set(socket.conn, 'request', null);
  }

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
    return this.settle(socket, await this.access.recheck(socket.data.agent.sessionId));
  }

  private async identify(socket: RealtimeSocket): Promise<void> {
    if (!isAllowedOrigin(socket.handshake.headers, this.environment.publicUrl)) {
      throw new ForbiddenError('This page may not connect.');
    }
    const token: unknown = socket.handshake.auth['token'];
    const { agent, expiresAt } = await this.access.authenticate(typeof token === 'string' ? token : '');
    Object.assign(socket.data, { agent, expiresAt, isLive: false, slowSinceMs: null });
  }

  /** The sockets' sessions, some hundred in one statement; one who may stay keeps their rooms up to date. */
  private async recheckAll(sockets: readonly RealtimeSocket[]): Promise<void> {
    for (let from = 0; from < sockets.length; from += RECHECKED_AT_ONCE) {
      const some = sockets.slice(from, from + RECHECKED_AT_ONCE);
      try {
        const agents = await this.access.recheckAll(some.map((socket) => socket.data.agent.sessionId));
        for (const socket of some) this.settle(socket, agents.get(socket.data.agent.sessionId) ?? null);
      } catch (error) {
        this.logger.warn(`${some.length} sockets could not be checked again: ${String(error)}`);
      }
    }
  }

  private settle(socket: RealtimeSocket, agent: AuthenticatedAgent | null): boolean {
    if (!agent) this.end(socket);
    else if (hasOtherAccess(socket.data.agent, agent)) this.hub.setAgent(socket, agent);
    return agent !== null;
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

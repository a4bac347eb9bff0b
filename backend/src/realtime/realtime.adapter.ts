import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis, type RedisOptions } from 'ioredis';
import type { Server, ServerOptions } from 'socket.io';
import type { Environment } from '../config/environment.js';
import { Admission } from './sockets/admission.js';

const MAX_MESSAGE_BYTES = 64 * 1024;
/** From the opened WebSocket to the handshake with its token. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The adapter drops the promises of its commands: unhandled, a Redis that is away would end the process. Here somebody
 * always listens.
 */
function withoutUnhandled(client: Redis): Redis {
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        if (result instanceof Promise) result.catch(() => undefined);
        return result;
      };
    },
  });
}

/**
 * Socket.IO as Parley runs it: WebSocket only, dead connections found within 25 s, nothing recovered by Socket.IO
 * itself (the log does that). Redis carries only what is volatile between the instances.
 */
export class RealtimeAdapter extends IoAdapter {
  private clients: Redis[] = [];
  private readonly admission = new Admission();

  constructor(
    app: INestApplicationContext,
    private readonly environment: Environment,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options,
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      pingInterval: 15_000,
      pingTimeout: 10_000,
      perMessageDeflate: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      allowRequest: (request, decide) => {
        this.admission.ask(
          () => decide(null, true),
          () => request.socket.destroyed,
        );
      },
      adapter: this.createRedisAdapter(),
    } as ServerOptions);
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    for (const client of this.clients) client.disconnect();
  }

  private createRedisAdapter(): ReturnType<typeof createAdapter> {
    const { redisUrl } = this.environment;
    const retry: RedisOptions = { retryStrategy: (times) => Math.min(times * 100, 2_000) };
    const publisher = new Redis(redisUrl, { ...retry, maxRetriesPerRequest: 1, enableOfflineQueue: false });
    const subscriber = new Redis(redisUrl, { ...retry, maxRetriesPerRequest: null });
    this.clients = [publisher, subscriber];
    // HintsService reports that Redis is away.
    for (const client of this.clients) client.on('error', () => undefined);
    return createAdapter(withoutUnhandled(publisher), withoutUnhandled(subscriber), { key: 'parley:sockets' });
  }
}

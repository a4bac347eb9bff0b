import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { z } from '@parley/contract';
import { Redis } from 'ioredis';
import { EventEmitter } from 'node:events';
import { ENVIRONMENT, type Environment } from '../config/environment.js';

/**
 * Hints between instances: "look at the database now". They carry ids only, may be lost, repeated or late, and
 * nothing depends on them but speed.
 */
export interface HintPayloads {
  /** Rows were committed to the log by this transaction. */
  log: { xid: string };
  /** A session ended, an agent was changed or deactivated: sockets must be checked now. */
  access: { agentId: string; sessionId: string | null };
  /** Something about the set-up moved: admins who look at it want to know now. */
  setup: { reason: 'door' | 'delivery' | 'channels' };
  /** Files wait to be fetched from Meta. */
  media: Record<string, never>;
}
export type HintName = keyof HintPayloads;

const CHANNEL = 'parley:hints';

const hintSchema = z.discriminatedUnion('name', [
  z.object({ origin: z.string(), name: z.literal('log'), payload: z.object({ xid: z.string() }) }),
  z.object({
    origin: z.string(),
    name: z.literal('access'),
    payload: z.object({ agentId: z.string(), sessionId: z.string().nullable() }),
  }),
  z.object({
    origin: z.string(),
    name: z.literal('setup'),
    payload: z.object({ reason: z.enum(['door', 'delivery', 'channels']) }),
  }),
  z.object({ origin: z.string(), name: z.literal('media'), payload: z.object({}) }),
]);

/** Takes hints to this instance at once, and to the others through Redis while it is there. */
@Injectable()
export class HintsService implements OnApplicationShutdown {
  private readonly logger = new Logger(HintsService.name);
  private readonly local = new EventEmitter();
  private readonly publisher: Redis;
  private readonly subscriber: Redis;
  private readonly origin = crypto.randomUUID();
  private isUp = true;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.local.setMaxListeners(50);
    const retryStrategy = (times: number) => Math.min(times * 100, 2_000);
    this.publisher = new Redis(environment.redisUrl, {
      retryStrategy,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
    });
    this.subscriber = new Redis(environment.redisUrl, { retryStrategy, maxRetriesPerRequest: null });
    for (const client of [this.publisher, this.subscriber]) {
      client.on('error', (error: Error) => this.noteDown(error));
      client.on('ready', () => (this.isUp = true));
    }
    this.subscriber.on('message', (_channel: string, text: string) => this.receive(text));
    this.subscriber.subscribe(CHANNEL).catch((error: unknown) => this.noteDown(error as Error));
  }

  /** Tells this instance at once and the others through Redis; never throws, never waits. */
  publish<Name extends HintName>(name: Name, payload: HintPayloads[Name]): void {
    this.local.emit(name, payload);
    this.publisher
      .publish(CHANNEL, JSON.stringify({ origin: this.origin, name, payload }))
      .catch((error: unknown) => this.noteDown(error as Error));
  }

  /** Calls `listener` for hints of this and of other instances; returns how to stop. */
  on<Name extends HintName>(name: Name, listener: (payload: HintPayloads[Name]) => void): () => void {
    this.local.on(name, listener);
    return () => this.local.off(name, listener);
  }

  /** Whether Redis answered lately; readiness shows it, nothing else depends on it. */
  get isConnected(): boolean {
    return this.publisher.status === 'ready';
  }

  onApplicationShutdown(): void {
    this.publisher.disconnect();
    this.subscriber.disconnect();
  }

  private receive(text: string): void {
    const hint = parseHint(text);
    if (hint && hint.origin !== this.origin) this.local.emit(hint.name, hint.payload);
  }

  private noteDown(error: Error): void {
    if (this.isUp) this.logger.warn(`Redis is away, working from PostgreSQL alone: ${error.message}`);
    this.isUp = false;
  }
}

/** Null for what none of us has written: others may use the same Redis. */
function parseHint(text: string): { origin: string; name: HintName; payload: unknown } | null {
  try {
    const hint: unknown = JSON.parse(text);
    return hintSchema.safeParse(hint).data ?? null;
  } catch {
    return null;
  }
}

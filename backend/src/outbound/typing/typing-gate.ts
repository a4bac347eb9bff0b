import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { openHintRedis } from '../../hints/hint-redis.js';

/** A little less than the 25 s for which Meta shows it: whoever goes on typing is seen to go on. */
const EVERY_MS = 20_000;

/** Lives as long as a conversation's customer need not be told again. */
export const typingKey = (conversationId: string): string => `parley:typing:${conversationId}`;

/**
 * Lets one typing indicator through per conversation and 20 s, whichever instances the keys reach. Without Redis each
 * instance counts for itself: an indicator that is told twice looks like one.
 */
@Injectable()
export class TypingGate implements OnApplicationShutdown {
  private readonly redis: Redis;
  /** While Redis is away: until when each conversation is shut here. */
  private readonly shutUntilMs = new Map<string, number>();

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.redis = openHintRedis(environment.redisUrl);
  }

  /** True for the first who asks, then false for 20 s. */
  async pass(conversationId: string, nowMs = performance.now()): Promise<boolean> {
    try {
      return (await this.redis.set(typingKey(conversationId), '1', 'PX', EVERY_MS, 'NX')) === 'OK';
    } catch {
      return this.passAlone(conversationId, nowMs);
    }
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }

  private passAlone(conversationId: string, nowMs: number): boolean {
    for (const [id, untilMs] of this.shutUntilMs) if (untilMs <= nowMs) this.shutUntilMs.delete(id);
    if (this.shutUntilMs.has(conversationId)) return false;
    this.shutUntilMs.set(conversationId, nowMs + EVERY_MS);
    return true;
  }
}

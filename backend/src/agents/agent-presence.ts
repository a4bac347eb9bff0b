import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { openHintRedis } from '../hints/hint-redis.js';

/** Key of an agent's presence lease; the realtime module keeps it alive while a socket of theirs sends heartbeats. */
export const presenceKey = (agentId: string): string => `parley:presence:${agentId}`;

/** Who is at their desk right now, as far as Redis knows; without Redis nobody is taken to be present. */
@Injectable()
export class AgentPresence implements OnApplicationShutdown {
  private readonly redis: Redis;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.redis = openHintRedis(environment.redisUrl);
  }

  /** The present ones among `ids`. */
  async presentAmong(ids: readonly string[]): Promise<Set<string>> {
    const asked = [...new Set(ids)];
    if (asked.length === 0) return new Set();
    try {
      const leases = await this.redis.mget(asked.map(presenceKey));
      return new Set(asked.filter((_, index) => leases[index] !== null));
    } catch {
      return new Set();
    }
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PRESENCE_LEASE_SECONDS } from '@parley/contract';
import { Redis } from 'ioredis';
import { presenceKey } from '../../agents/agent-presence.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';

/** Keeps the presence leases in Redis that the reopening policy reads; without Redis nobody counts as present. */
@Injectable()
export class PresenceLeases implements OnApplicationShutdown {
  private readonly redis: Redis;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.redis = new Redis(environment.redisUrl, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      retryStrategy: (times) => Math.min(times * 100, 2_000),
    });
    // HintsService reports that Redis is away; the next heartbeat writes the lease again.
    this.redis.on('error', () => undefined);
  }

  renew(agentId: string): void {
    this.redis.set(presenceKey(agentId), '1', 'EX', PRESENCE_LEASE_SECONDS).catch(() => undefined);
  }

  end(agentId: string): void {
    this.redis.del(presenceKey(agentId)).catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PRESENCE_LEASE_SECONDS } from '@parley/contract';
import type { Redis } from 'ioredis';
import { presenceKey } from '../../agents/agent-presence.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { openHintRedis } from '../../hints/hint-redis.js';

/** Keeps the presence leases in Redis that the reopening policy reads; without Redis nobody counts as present. */
@Injectable()
export class PresenceLeases implements OnApplicationShutdown {
  private readonly redis: Redis;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.redis = openHintRedis(environment.redisUrl);
  }

  /** What fails is made up for by the next heartbeat. */
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

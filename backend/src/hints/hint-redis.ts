import { Redis } from 'ioredis';

const COMMAND_TIMEOUT_MS = 200;
const LONGEST_RETRY_MS = 2_000;

/**
 * A connection for what is no more than a hint: while Redis is away a command fails at once, and that Redis is away is
 * not told again, since `HintsService` tells it. Whoever opens it disconnects it.
 */
export function openHintRedis(redisUrl: string): Redis {
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_RETRY_MS),
  });
  redis.on('error', () => undefined);
  return redis;
}

import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '../config/environment.js';

/** The connection of every queue. With Bull's own defaults `add` hangs and workers stay deaf after Redis was away. */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [ENVIRONMENT],
      useFactory: (environment: Environment) => ({
        url: environment.redisUrl,
        prefix: 'parley:bull',
        redis: { maxRetriesPerRequest: 2, retryStrategy: (times: number) => Math.min(times * 100, 2_000) },
        settings: { lockDuration: 60_000 },
      }),
    }),
  ],
})
export class QueuesModule {}

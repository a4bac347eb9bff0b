import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { Database } from './database.js';

const POOL_SIZE = 20;
const CONNECT_TIMEOUT_MS = 1_000;

/**
 * Session settings of the app. The log's horizon is the whole server's: a long writing transaction anywhere stops the
 * stream, so none may be long (see docs/adr). Statements are short and the data is cached or on a solid-state disk: no
 * compiling of queries and no workers beside, which cost a page more than they save, and a random page is hardly dearer.
 */
const SESSION_OPTIONS = [
  '-c idle_in_transaction_session_timeout=5000',
  '-c lock_timeout=2000',
  '-c transaction_timeout=10000',
  '-c statement_timeout=8000',
  '-c timezone=UTC',
  '-c jit=off',
  '-c max_parallel_workers_per_gather=0',
  '-c random_page_cost=1.1',
  // A search that names many rows forgets which they are beyond this, and reads whole pages instead.
  '-c work_mem=32MB',
].join(' ');

@Global()
@Module({
  imports: [
    MetricsModule,
    TypeOrmModule.forRootAsync({
      inject: [ENVIRONMENT],
      useFactory: (environment: Environment) => ({
        type: 'postgres' as const,
        url: environment.databaseUrl,
        autoLoadEntities: true,
        synchronize: false,
        retryAttempts: 3,
        retryDelay: 1_000,
        extra: {
          max: POOL_SIZE,
          connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
          keepAlive: true,
          application_name: 'parley',
          options: SESSION_OPTIONS,
        },
      }),
    }),
  ],
  providers: [Database],
  exports: [Database],
})
export class DatabaseModule {}

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres, startRedis } from '../../../tools/services.mjs';
import { migrate } from '../../src/database/migrate.js';

const TEMPLATE_DATABASE = 'template_parley';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server's own database, from which others are made. */
    postgresUrl: string;
    redisUrl: string;
    /** A migrated, empty database that each test file clones. */
    templateDatabase: string;
  }
}

/** Starts a throw-away PostgreSQL and Redis for all integration tests and migrates the template once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-test-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as somebody else, who must reach its data
  const [postgres, redis] = await Promise.all([
    startPostgres({ dataDir: path.join(folder, 'postgres'), durable: false }),
    startRedis({ dir: path.join(folder, 'redis'), durable: false }),
  ]);
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE_DATABASE}`);
  await admin.end();
  const templateUrl = new URL(postgres.url);
  templateUrl.pathname = TEMPLATE_DATABASE;
  await migrate(templateUrl.href);
  project.provide('postgresUrl', postgres.url);
  project.provide('redisUrl', redis.url);
  project.provide('templateDatabase', TEMPLATE_DATABASE);
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}

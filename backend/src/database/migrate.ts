import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from './migrations/index.js';

/** Any constant will do; it must only be the same in every version. */
const MIGRATION_LOCK_KEY = 7_203_519;
const LOCK_POLL_MS = 200;

/**
 * Brings the database to this version's schema; several instances may call it at once, one does the work.
 *
 * The lock is polled, not waited for: a waiting session's snapshot would block `create index concurrently` for ever.
 */
export async function migrate(url: string): Promise<{ applied: string[] }> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    while (!(await tryLock(lock))) await delay(LOCK_POLL_MS);
    const dataSource = new DataSource({
      type: 'postgres',
      url,
      migrations,
      migrationsTransactionMode: 'each',
      extra: { options: '-c lock_timeout=1000' },
    });
    await dataSource.initialize();
    try {
      const done = await dataSource.runMigrations();
      return { applied: done.map((migration) => migration.name) };
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ ok: boolean }>('select pg_try_advisory_lock($1) as ok', [MIGRATION_LOCK_KEY]);
  return rows[0]?.ok === true;
}

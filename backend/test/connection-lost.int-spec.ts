import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUnavailable } from '../src/app/problem.filter.js';
import { Database, query, type Tx } from '../src/database/database.js';
import { isConnectionLost } from '../src/database/trouble.js';
import { isTroubleOfTheStore } from '../src/webhook/drain/failure.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { waitFor } from './support/wait-for.js';

describe('a transaction whose connection is cut', () => {
  let testDatabase: TestDatabase;
  let source: DataSource;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    source = await new DataSource({ type: 'postgres', url: testDatabase.url }).initialize();
    // What the module of the app does: a lost idle connection ends no process.
    (source.driver as unknown as { master: pg.Pool }).master.on('error', () => undefined);
    database = new Database(source);
  });

  afterAll(async () => {
    await source.destroy();
    await testDatabase.drop();
  });

  /** Ends the connection of this transaction, as a killed server does, and waits until its backend is gone. */
  async function cut(tx: Tx): Promise<void> {
    const [row] = await query<{ pid: number }>(tx, 'select pg_backend_pid() as pid');
    const other = new pg.Client({ connectionString: testDatabase.url });
    await other.connect();
    try {
      await other.query('select pg_terminate_backend($1)', [row?.pid]);
      await waitFor(async () => {
        const { rowCount } = await other.query('select from pg_stat_activity where pid = $1', [row?.pid]);
        return rowCount === 0;
      });
    } finally {
      await other.end();
    }
  }

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['at once', () => Promise.resolve()],
    // The driver has heard of it by then, and TypeORM has taken the connection back.
    ['later', (tx) => waitFor(() => tx.queryRunner?.isReleased === true)],
  ])('is told as the store’s trouble, whoever asks %s', async (_, pause) => {
    const error: unknown = await database
      .transaction(async (tx) => {
        await cut(tx);
        await pause(tx);
        await query(tx, 'select 1');
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect([isUnavailable(error), isTroubleOfTheStore(error)]).toEqual([true, true]);
  });

  it('is told likewise when the cut comes before the commit', async () => {
    const error: unknown = await database.transaction(cut).catch((thrown: unknown) => thrown);
    expect([isUnavailable(error), isTroubleOfTheStore(error)]).toEqual([true, true]);
  });

  it('leaves a fault of our own what it is', async () => {
    const error: unknown = await database
      .transaction((tx) => query(tx, 'select nothing_like_this'))
      .catch((thrown: unknown) => thrown);
    expect([isUnavailable(error), isConnectionLost(error)]).toEqual([false, false]);
  });
});

import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import './pg-types.js';
import { runTellingRows } from './refused-rows.js';

/** A transaction in progress, or the pool: what every repository method takes first. */
export type Tx = EntityManager;

const MAX_TRIES = 3;
/** Serialisation failure and deadlock: PostgreSQL asks for the whole transaction to be repeated. */
const REPEATABLE = new Set(['40001', '40P01']);

/** What was refused in transactions that only find that out. */
const refusedBy = new WeakMap<Tx, unknown[][]>();

/** The only door to PostgreSQL: transactions, what runs after their commit, and plain queries. */
@Injectable()
export class Database {
  private readonly afterCommitCallbacks = new WeakMap<Tx, (() => void)[]>();

  constructor(private readonly dataSource: DataSource) {}

  /** How the pool stands right now. */
  get poolState(): { total: number; idle: number; waiting: number } {
    const { driver } = this.dataSource;
    const { totalCount, idleCount, waitingCount } = (driver instanceof PostgresDriver ? driver.master : {}) as pg.Pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** The pool, for reads that need no transaction. */
  get pool(): Tx {
    return this.dataSource.manager;
  }

  /** Runs `work` in one transaction; it may run again after a deadlock, so it keeps its effects in the database. */
  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      let callbacks: (() => void)[] = [];
      try {
        const result = await this.dataSource.transaction(async (tx) => {
          callbacks = [];
          this.afterCommitCallbacks.set(tx, callbacks);
          return work(tx);
        });
        for (const callback of callbacks) callback();
        return result;
      } catch (error) {
        if (attempt >= MAX_TRIES || !REPEATABLE.has(sqlStateOf(error) ?? '')) throw error;
      }
    }
  }

  /**
   * The values of the rows for which the store refuses the first statement over arrays of `work` that it refuses: those
   * that it refuses each by itself. Everything is taken back, and no error comes out: a hint at what is bad, and no more.
   */
  async refusedRows(work: (tx: Tx) => Promise<unknown>): Promise<unknown[][]> {
    const refused: unknown[][] = [];
    const taken = new Error('taken back');
    await this.dataSource
      .transaction(async (tx) => {
        this.afterCommitCallbacks.set(tx, []);
        refusedBy.set(tx, refused);
        await work(tx);
        throw taken;
      })
      .catch(() => undefined);
    return refused;
  }

  /** Runs `callback` once the transaction has committed (hints to other processes); never when it rolls back. */
  afterCommit(tx: Tx, callback: () => void): void {
    const callbacks = this.afterCommitCallbacks.get(tx);
    if (callbacks) callbacks.push(callback);
    else callback();
  }

  /** The one clock that decides (see docs/adr): call it in the first statement after a lock was taken. */
  async now(tx: Tx = this.pool): Promise<Date> {
    const [row] = await prepared<{ now: Date }>(tx, 'select app_now() as now');
    if (!row) throw new Error('app_now() returned nothing');
    return row.now;
  }
}

/** Rows of any statement. TypeORM wraps those of UPDATE and DELETE in `[rows, count]`; this does not. */
export async function query<Row extends object>(
  tx: Tx,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const result: unknown = await tx.query(text, [...parameters]);
  if (!Array.isArray(result)) return [];
  const [first] = result as unknown[];
  return (Array.isArray(first) ? first : result) as Row[];
}

/** Names of the statements that are prepared, by their text. */
const statementNames = new Map<string, string>();

/**
 * Rows of a statement that runs again and again with the same text: each connection parses and plans it once. The larger
 * ones take PostgreSQL as long to plan as to run. For texts that are constants only: every one of them is kept for good.
 */
export async function prepared<Row extends object>(
  tx: Tx,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const name = statementNames.get(text) ?? `parley-${statementNames.size}`;
  statementNames.set(text, name);
  const client = await clientOf(tx);
  const statement = { name, text, values: [...parameters] };
  const refused = refusedBy.get(tx);
  if (refused) return runTellingRows<Row>(client as pg.PoolClient, statement, refused);
  return (await client.query<Row>(statement)).rows;
}

/** The connection of a transaction, or the pool. */
async function clientOf({ queryRunner, dataSource }: Tx): Promise<pg.Pool | pg.PoolClient> {
  if (queryRunner) return (await queryRunner.connect()) as pg.PoolClient;
  if (!(dataSource.driver instanceof PostgresDriver)) throw new TypeError('not a PostgreSQL data source');
  return dataSource.driver.master as pg.Pool;
}

/** The SQLSTATE of a driver error, wherever TypeORM put it. */
export function sqlStateOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  if (typeof driverError?.code === 'string') return driverError.code;
  return typeof code === 'string' ? code : null;
}

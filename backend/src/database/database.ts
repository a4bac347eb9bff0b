import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import './pg-types.js';

/** A transaction in progress, or the pool: what every repository method takes first. */
export type Tx = EntityManager;

const MAX_TRIES = 3;
/** Serialisation failure and deadlock: PostgreSQL asks for the whole transaction to be repeated. */
const REPEATABLE = new Set(['40001', '40P01']);

/** The only door to PostgreSQL: transactions, what runs after their commit, and plain queries. */
@Injectable()
export class Database {
  private readonly afterCommitCallbacks = new WeakMap<Tx, (() => void)[]>();

  constructor(private readonly dataSource: DataSource) {}

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

  /** Runs `callback` once the transaction has committed (hints to other processes); never when it rolls back. */
  afterCommit(tx: Tx, callback: () => void): void {
    const callbacks = this.afterCommitCallbacks.get(tx);
    if (callbacks) callbacks.push(callback);
    else callback();
  }

  /** The one clock that decides (see docs/adr): call it in the first statement after a lock was taken. */
  async now(tx: Tx = this.pool): Promise<Date> {
    const [row] = await query<{ now: Date }>(tx, 'select app_now() as now');
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

/** The SQLSTATE of a driver error, wherever TypeORM put it. */
export function sqlStateOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  if (typeof driverError?.code === 'string') return driverError.code;
  return typeof code === 'string' ? code : null;
}

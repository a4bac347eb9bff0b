import { Injectable } from '@nestjs/common';
import { Database, prepared, type Tx } from '../database/database.js';
import type { LogPlace } from './log-cursor.js';

/** Positions of those who follow the log, shared by all instances. */
@Injectable()
export class LogConsumersRepository {
  constructor(private readonly database: Database) {}

  /** Where the consumer stands; a new one starts at the head. Null once it was disabled. */
  async place(name: string, head: () => Promise<LogPlace>): Promise<LogPlace | null> {
    const [row] = await prepared<LogPlace & { enabled: boolean }>(
      this.database.pool,
      `select xid, id, enabled from log_consumers where name = $1`,
      [name],
    );
    if (row) return row.enabled ? { xid: row.xid, id: row.id } : null;
    const start = await head();
    await prepared(
      this.database.pool,
      `insert into log_consumers (name, xid, id) values ($1, $2, $3) on conflict do nothing`,
      [name, start.xid, start.id],
    );
    return this.place(name, head);
  }

  /** Locks the position if it is still `at`; false when another instance is at work or has moved it on. */
  async lock(tx: Tx, name: string, at: LogPlace): Promise<boolean> {
    const rows = await prepared(
      tx,
      `select 1 from log_consumers where name = $1 and xid = $2::xid8 and id = $3::bigint and enabled
       for update skip locked`,
      [name, at.xid, at.id],
    );
    return rows.length > 0;
  }

  async advance(tx: Tx, name: string, to: LogPlace): Promise<void> {
    await prepared(tx, `update log_consumers set xid = $2, id = $3, updated_at = app_now() where name = $1`, [
      name,
      to.xid,
      to.id,
    ]);
  }
}

import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';
import type { LogPlace } from './log-cursor.js';

/** Any constant; no other lock of ours uses it. */
const RETENTION_LOCK_KEY = 7_203_520;

export interface ConsumerPlace extends LogPlace {
  name: string;
  /** It has not moved for an hour: it is not just behind. */
  isStuck: boolean;
}

/** Deletes the log's oldest part, always as a prefix of its order. */
@Injectable()
export class LogRetentionRepository {
  /** One instance at a time; the lock ends with the transaction and holds no transaction id. */
  async tryLock(tx: Tx): Promise<boolean> {
    const [row] = await query<{ isMine: boolean }>(tx, `select pg_try_advisory_xact_lock($1) as "isMine"`, [
      RETENTION_LOCK_KEY,
    ]);
    return row?.isMine === true;
  }

  /** End of the oldest stretch of at most `limit` rows that are all older than `keepDays`; null when there is none. */
  async oldestStretch(tx: Tx, keepDays: number, limit: number): Promise<LogPlace | null> {
    const [end] = await query<LogPlace>(
      tx,
      `with oldest as (
         select xid, id, created_at from events
         where (xid, id) > (select floor_xid, floor_id from log_meta)
           and xid < pg_snapshot_xmin(pg_current_snapshot())
         order by xid, id limit $2
       ),
       first_kept as (
         select xid, id from oldest where created_at >= app_now() - make_interval(days => $1)
         order by xid, id limit 1
       )
       select o.xid, o.id from oldest o
       where not exists (select 1 from first_kept k where (o.xid, o.id) >= (k.xid, k.id))
       order by o.xid desc, o.id desc limit 1`,
      [keepDays, limit],
    );
    return end ?? null;
  }

  async enabledConsumers(tx: Tx): Promise<ConsumerPlace[]> {
    return query<ConsumerPlace>(
      tx,
      `select name, xid, id, updated_at < app_now() - interval '1 hour' as "isStuck" from log_consumers where enabled`,
    );
  }

  async disable(tx: Tx, name: string, reason: string): Promise<void> {
    await query(tx, `update log_consumers set enabled = false, disabled_reason = $2 where name = $1`, [name, reason]);
  }

  /** Deletes everything up to and including `end` and records the new floor; returns how many rows went. */
  async deleteUpTo(tx: Tx, end: LogPlace): Promise<number> {
    const [row] = await query<{ count: number }>(
      tx,
      `with gone as (
         delete from events
         where (xid, id) > (select floor_xid, floor_id from log_meta) and (xid, id) <= ($1::xid8, $2::bigint)
         returning 1
       )
       select count(*) from gone`,
      [end.xid, end.id],
    );
    await query(tx, `update log_meta set floor_xid = $1, floor_id = $2`, [end.xid, end.id]);
    return row?.count ?? 0;
  }
}

import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';

/** Stamps the log with transaction ids of the server that it lives on now. */
@Injectable()
export class LogStampRepository {
  async stampedEpoch(tx: Tx): Promise<string | null> {
    const [row] = await query<{ epoch: string | null }>(tx, `select stamped_epoch as epoch from log_meta`);
    return row?.epoch ?? null;
  }

  /** Waits, however long it takes, until no other instance stamps; returns the epoch as it is stamped then. */
  async lock(tx: Tx): Promise<string | null> {
    await query(tx, `select set_config(name, '0', true) from unnest($1::text[]) as name`, [
      ['lock_timeout', 'statement_timeout', 'transaction_timeout'],
    ]);
    const [row] = await query<{ epoch: string | null }>(tx, `select stamped_epoch as epoch from log_meta for update`);
    return row?.epoch ?? null;
  }

  async setStampedEpoch(tx: Tx, epoch: string): Promise<void> {
    await query(tx, `update log_meta set stamped_epoch = $1`, [epoch]);
  }

  /**
   * Gives every event this transaction's xid and ids in the old order, and moves the consumers and the floor with
   * them. Returns how many events there are.
   */
  async restamp(tx: Tx): Promise<number> {
    await query(tx, `lock table events in exclusive mode`);
    await query(
      tx,
      `update log_consumers c
       set xid = pg_current_xact_id(), id = (select count(*) from events e where (e.xid, e.id) <= (c.xid, c.id))`,
    );
    const moved = await query<{ count: number }>(
      tx,
      `with old as (delete from events returning *),
       moved as (
         insert into events (xid, id, type, conversation_id, message_id, agent_id, team_before, team_after,
                             assignee_before, assignee_after, data, created_at)
         overriding system value
         select pg_current_xact_id(), row_number() over (order by xid, id), type, conversation_id, message_id,
           agent_id, team_before, team_after, assignee_before, assignee_after, data, created_at
         from old
         order by xid, id
         returning 1
       )
       select count(*) from moved`,
    );
    await query(tx, `update log_meta set floor_xid = pg_current_xact_id(), floor_id = 0`);
    return moved[0]?.count ?? 0;
  }
}

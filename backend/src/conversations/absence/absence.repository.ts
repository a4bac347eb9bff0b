import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';
import { CONVERSATION_COLUMNS, type ConversationRow } from '../conversation.row.js';

/** Who was last here when, and what they left behind. */
@Injectable()
export class AbsenceRepository {
  /** These agents are connected now; the clock's time. Rows are written in the order of their ids, as on every instance. */
  async see(tx: Tx, agentIds: readonly string[]): Promise<Date> {
    const [row] = await query<{ now: Date }>(
      tx,
      `with clock as materialized (select app_now() as now), seen as (
         insert into agent_presence (agent_id, seen_at)
         select a.id, clock.now from clock, agents a where a.id = any($1::uuid[]) order by a.id
         on conflict (agent_id) do update set seen_at = excluded.seen_at
       )
       select now from clock`,
      [agentIds],
    );
    if (!row) throw new Error('the clock returned nothing');
    return row.now;
  }

  /** The workspace's rule; null = owners keep what they own. */
  async releaseAfterMinutes(tx: Tx): Promise<number | null> {
    const [row] = await query<{ minutes: number | null }>(tx, 'select release_after_minutes as minutes from workspace');
    return row?.minutes ?? null;
  }

  /**
   * Locks open threads with a waiting customer whose owner was not seen for so long, nor given the thread since. Both rows
   * are locked, so an owner who is back at this very moment, and a thread that was claimed meanwhile, are left alone.
   */
  async lockAbandoned(tx: Tx, minutes: number, limit: number): Promise<ConversationRow[]> {
    return query<ConversationRow>(
      tx,
      `with cutoff as materialized (select app_now() - make_interval(mins => $1) as at)
       select ${CONVERSATION_COLUMNS}
       from cutoff
       join agent_presence p on p.seen_at <= cutoff.at
       join conversations c on c.assignee_id = p.agent_id and c.status = 'open' and c.waiting_since is not null
         and c.merged_into_id is null
       where not exists (
         select from timeline_entries t
         where t.conversation_id = c.id and t.kind in ('claimed', 'taken_over', 'assigned', 'reopened')
           and t.created_at > cutoff.at)
       order by c.id limit $2
       for update of c, p skip locked`,
      [minutes, limit],
    );
  }
}

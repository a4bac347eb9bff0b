import { Injectable } from '@nestjs/common';
import type { ConversationCounts } from '@parley/contract';
import { seesEverything } from '../../common/access/authenticated-agent.js';
import { prepared, query, type Tx } from '../../database/database.js';
import type { Viewer } from '../conversation-access.js';

/** Live counts of the standard views, read from what the database's triggers keep (docs/adr/0008). */
@Injectable()
export class CountsRepository {
  /**
   * Adds up a few dozen counters and what has changed since they were folded, and looks through the agent's own
   * conversations: as much work for a million threads as for a thousand. Exact, in one snapshot.
   */
  async counts(tx: Tx, agent: Viewer): Promise<Omit<ConversationCounts, 'syncCursor'>> {
    const [counts] = await prepared<Omit<ConversationCounts, 'syncCursor'>>(
      tx,
      `with place as (
         select status, team_id, is_owned, count, $2 or team_id is null or team_id = any($3::uuid[]) as is_visible
         from (
           select status, team_id, is_owned, count from conversation_counts
           union all
           select status, team_id, is_owned, step from conversation_count_steps
         ) p
       ), mine as (
         select c.status, c.inbound_count > coalesce(seen.inbound_number, c.case_inbound_base) as is_unread,
           $2 or c.team_id is null or c.team_id = any($3::uuid[]) as is_counted
         from conversations c
         left join read_cursors seen on seen.conversation_id = c.id and seen.agent_id = $1
         where c.merged_into_id is null and c.assignee_id = $1 and c.status in ('open', 'snoozed')
       ), total as (
         select coalesce(sum(count) filter (where status = 'open' and not is_owned), 0) as unassigned,
           coalesce(sum(count) filter (where status = 'open'), 0) as open,
           coalesce(sum(count) filter (where status = 'pending'), 0) as pending,
           coalesce(sum(count) filter (where status = 'snoozed'), 0) as snoozed
         from place where is_visible
       ), of_team as (
         select team_id, coalesce(sum(count) filter (where status = 'open' and not is_owned), 0)::int as unassigned,
           coalesce(sum(count) filter (where status = 'open'), 0)::int as open,
           coalesce(sum(count) filter (where status = 'pending'), 0)::int as pending,
           coalesce(sum(count) filter (where status = 'snoozed'), 0)::int as snoozed
         from place where is_visible and team_id is not null group by team_id
       ), own as (
         -- What is mine in a team that is not mine I see too, and no counter of my teams has it.
         select count(*) filter (where status = 'open') as mine,
           count(*) filter (where status = 'open' and is_unread) as unread,
           count(*) filter (where status = 'open' and not is_counted) as open,
           count(*) filter (where status = 'snoozed' and not is_counted) as snoozed
         from mine
       )
       select own.mine as "mine", own.unread as "mineUnread", total.unassigned::bigint as "unassigned",
         (total.open + own.open)::bigint as "open", total.pending::bigint as "pending",
         (total.snoozed + own.snoozed)::bigint as "snoozed",
         (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name,
             'unassigned', coalesce(of_team.unassigned, 0), 'open', coalesce(of_team.open, 0),
             'pending', coalesce(of_team.pending, 0), 'snoozed', coalesce(of_team.snoozed, 0))
             order by t.name collate "und-x-icu"), '[]')
           from teams t left join of_team on of_team.team_id = t.id
           where $2 or t.id = any($3::uuid[])) as "teams"
       from total, own`,
      [agent.id, seesEverything(agent), agent.teamIds],
    );
    if (!counts) throw new Error('an aggregate returned no row');
    return counts;
  }

  /** Folds what was noted into the counters; rows that another instance is folding are left to it. Returns how many. */
  async fold(tx: Tx, limit: number): Promise<number> {
    const [folded] = await query<{ steps: number }>(
      tx,
      `with taken as (
         delete from conversation_count_steps
         where ctid = any(array(select ctid from conversation_count_steps limit $1 for update skip locked))
         returning status, team_id, is_owned, step
       ), summed as (
         insert into conversation_counts as kept (status, team_id, is_owned, count)
         select status, team_id, is_owned, sum(step) from taken
         group by status, team_id, is_owned order by status, team_id, is_owned
         on conflict (status, team_id, is_owned) do update set count = kept.count + excluded.count
       )
       select count(*) as steps from taken`,
      [limit],
    );
    return folded?.steps ?? 0;
  }
}

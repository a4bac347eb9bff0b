import { Injectable } from '@nestjs/common';
import type { ConversationStatus } from '@parley/contract';
import { seesEverything } from '../../common/access/authenticated-agent.js';
import { query, type Tx } from '../../database/database.js';
import type { Viewer } from '../conversation-access.js';
import { CONVERSATION_COLUMNS, SUPERSEDED, type ConversationRow } from '../conversation.row.js';

/** A claim that won: the row as it is now, and the status it was taken from. */
export interface ClaimedConversation {
  row: ConversationRow;
  statusBefore: ConversationStatus;
  now: Date;
}

/** Where the next one is taken from. */
export interface QueuePart {
  /** Of this team alone; null = of every team that the agent sees, and of none. */
  teamId: string | null;
  exceptIds: readonly string[];
}

/** The queue by how long its customers wait, by the index `conversations_next`; parameters as in `claimFree`. */
const OLDEST_QUEUED = `
  from conversations c
  where c.merged_into_id is null and c.status = 'open' and c.assignee_id is null
    and ($2 or c.team_id is null or c.team_id = any($3::uuid[]))
    and c.id <> all($4::uuid[]) and ($5::uuid is null or c.team_id = $5) and $1::uuid is not null
  order by c.waiting_since, c.last_activity_at, c.id`;

/** The statements of ownership that are not plain changes under the row lock. */
@Injectable()
export class OwnershipRepository {
  /**
   * One conditional update settles the race: who comes second waits for the row, finds its condition false and gets
   * null; so does who may not see it, and who wants what is resolved or gone.
   */
  async claim(tx: Tx, id: string, agent: Viewer): Promise<ClaimedConversation | null> {
    return this.claimFree(
      tx,
      agent,
      `f.id = (select coalesce(merged_into_id, id) from conversations where id = $4) and f.merged_into_id is null
        and f.status <> 'resolved'`,
      [id],
    );
  }

  /**
   * The conversation in the queue whose customer has waited longest, leaving out `exceptIds` and what another
   * transaction holds at this moment: two who ask at once never wait for the same one. Null when there is none left.
   */
  async claimOldest(tx: Tx, agent: Viewer, from: QueuePart): Promise<ClaimedConversation | null> {
    const oldest = `f.id = (select c.id ${OLDEST_QUEUED} limit 1 for update skip locked)`;
    return this.claimFree(tx, agent, oldest, [from.exceptIds, from.teamId]);
  }

  /** Which one `claimOldest` would take if nobody held any; nothing is locked. */
  async oldestQueued(tx: Tx, agent: Viewer, from: QueuePart): Promise<string | null> {
    const [row] = await query<{ id: string }>(tx, `select c.id ${OLDEST_QUEUED} limit 1`, [
      agent.id,
      seesEverything(agent),
      agent.teamIds,
      from.exceptIds,
      from.teamId,
    ]);
    return row?.id ?? null;
  }

  /** For how many milliseconds it has been this agent's; null when no line of the timeline says so. */
  async ownedForMs(tx: Tx, conversationId: string, assigneeId: string): Promise<number | null> {
    const [row] = await query<{ ms: number }>(
      tx,
      `select extract(epoch from app_now() - created_at)::float8 * 1000 as ms from timeline_entries
       where conversation_id = $1 and kind in ('claimed', 'taken_over', 'assigned', 'reopened')
         and $2::uuid in (actor_id, target_id)
       order by id desc limit 1`,
      [conversationId, assigneeId],
    );
    return row ? Math.max(0, Math.round(row.ms)) : null;
  }

  /** Turns what the bot still has queued into `failed`; the caller holds the row lock. Returns the messages' ids. */
  async supersedeBotMessages(tx: Tx, conversationId: string, now: Date): Promise<string[]> {
    const rows = await query<{ id: string }>(
      tx,
      `update messages set status = 'failed', failed_at = $2, error = $3, rev = rev + 1
       where conversation_id = $1 and status = 'queued' and sender_type = 'bot'
       returning id`,
      [conversationId, now, JSON.stringify(SUPERSEDED)],
    );
    return rows.map((row) => row.id);
  }

  /** Locks snoozed conversations whose time has come; those that another instance holds are left to it. */
  async lockDueSnoozes(tx: Tx, limit: number): Promise<ConversationRow[]> {
    return query<ConversationRow>(
      tx,
      `select ${CONVERSATION_COLUMNS} from conversations c
       where c.status = 'snoozed' and c.snoozed_until <= app_now() and c.merged_into_id is null
       order by c.snoozed_until limit $1
       for update skip locked`,
      [limit],
    );
  }

  /** The parameters of `which` begin at $4: before them stand the agent, whether they see all, and their teams. */
  private async claimFree(
    tx: Tx,
    agent: Viewer,
    which: string,
    parameters: readonly unknown[],
  ): Promise<ClaimedConversation | null> {
    const [claimed] = await query<ConversationRow & { statusBefore: ConversationStatus; now: Date }>(
      tx,
      `with free as (
         select f.id, f.status from conversations f
         where ${which} and f.assignee_id is null
           and ($2 or f.team_id is null or f.team_id = any($3::uuid[]))
         for update
       )
       update conversations c
       set assignee_id = $1, status = 'open', snoozed_until = null, version = c.version + 1, rev = c.rev + 1,
           updated_at = app_now()
       from free
       where c.id = free.id and c.assignee_id is null and c.merged_into_id is null
         and c.status <> 'resolved'
       returning ${CONVERSATION_COLUMNS}, free.status as "statusBefore", c.updated_at as "now"`,
      [agent.id, seesEverything(agent), agent.teamIds, ...parameters],
    );
    if (!claimed) return null;
    const { statusBefore, now, ...row } = claimed;
    return { row, statusBefore, now };
  }
}

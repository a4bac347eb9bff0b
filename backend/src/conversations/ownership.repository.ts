import { Injectable } from '@nestjs/common';
import type { ConversationStatus } from '@parley/contract';
import { seesEverything } from '../common/access/authenticated-agent.js';
import { query, type Tx } from '../database/database.js';
import type { Viewer } from './conversation-access.js';
import { CONVERSATION_COLUMNS, SUPERSEDED, type ConversationRow } from './conversation.row.js';

/** A claim that won: the row as it is now, and the status it was taken from. */
export interface ClaimedConversation {
  row: ConversationRow;
  statusBefore: ConversationStatus;
  now: Date;
}

/** The statements of ownership that are not plain changes under the row lock. */
@Injectable()
export class OwnershipRepository {
  /**
   * One conditional update settles the race: who comes second waits for the row, finds its condition false and gets
   * null; so does who may not see it, and who wants what is resolved or gone.
   */
  async claim(tx: Tx, id: string, agent: Viewer): Promise<ClaimedConversation | null> {
    const [claimed] = await query<ConversationRow & { statusBefore: ConversationStatus; now: Date }>(
      tx,
      `with free as (
         select f.id, f.status from conversations f
         where f.id = (select coalesce(merged_into_id, id) from conversations where id = $1)
           and f.assignee_id is null and f.status <> 'resolved'
           and ($3 or f.team_id is null or f.team_id = any($4::uuid[]))
         for update
       )
       update conversations c
       set assignee_id = $2, status = 'open', snoozed_until = null, version = c.version + 1, rev = c.rev + 1,
           updated_at = app_now()
       from free
       where c.id = free.id and c.assignee_id is null and c.status <> 'resolved'
       returning ${CONVERSATION_COLUMNS}, free.status as "statusBefore", c.updated_at as "now"`,
      [id, agent.id, seesEverything(agent), agent.teamIds],
    );
    if (!claimed) return null;
    const { statusBefore, now, ...row } = claimed;
    return { row, statusBefore, now };
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
       where c.status = 'snoozed' and c.snoozed_until <= app_now()
       order by c.snoozed_until limit $1
       for update skip locked`,
      [limit],
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { MessageError } from '@parley/contract';
import { query, type Tx } from '../../database/database.js';

/** Makes a message that was held back as if it had never been sent. */
@Injectable()
export class UndoRepository {
  /** Makes it `failed` and empty, if it was held back and nothing of it was tried yet; false when it is too late. */
  async takeBack(
    tx: Tx,
    { conversationId, messageId }: { conversationId: string; messageId: string },
    error: MessageError,
    now: Date,
  ): Promise<boolean> {
    const rows = await query(
      tx,
      `update messages
       set status = 'failed', failed_at = $4, error = $3, rev = rev + 1, body = '', content = '{}',
           next_attempt_at = null
       where conversation_id = $1 and id = $2 and status = 'queued' and attempts = 0 and held_until is not null
       returning id`,
      [conversationId, messageId, JSON.stringify(error), now],
    );
    return rows.length > 0;
  }

  /** The case has no first answer any more if it was the one given at `repliedAt`. */
  async forgetFirstReply(
    tx: Tx,
    { id, caseId }: { id: string; caseId: string | null },
    repliedAt: Date,
  ): Promise<void> {
    await query(
      tx,
      `update cases set first_replied_at = null
       where conversation_id = $1 and id = $2 and date_trunc('milliseconds', first_replied_at) = $3`,
      [id, caseId, repliedAt],
    );
  }

  /** When the customer wrote the first message of this case that no person has answered; null when none waits. */
  async unansweredSince(tx: Tx, { id, caseId }: { id: string; caseId: string | null }): Promise<Date | null> {
    const [row] = await query<{ since: Date | null }>(
      tx,
      `select min(event_at) as since from messages
       where conversation_id = $1 and direction = 'inbound' and case_id is not distinct from $2 and seq > coalesce((
         select max(seq) from messages
         where conversation_id = $1 and direction = 'outbound' and sender_type = 'agent'
           and error->>'code' is distinct from 'undone'), 0)`,
      [id, caseId],
    );
    return row?.since ?? null;
  }
}

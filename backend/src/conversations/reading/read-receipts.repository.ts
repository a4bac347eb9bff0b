import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';
import type { ConversationRow } from '../conversation.row.js';

/** Newest inbound message up to `upTo`, as a receipt: Meta turns every earlier one blue with it. */
const receiptOf = (source: string, upTo: string) => `
  insert into read_receipts (conversation_id, channel_id, wamid, seq, due_at)
  select c.id, c.channel_id, newest.wamid, newest.seq, app_now()
  ${source}
  cross join lateral (
    select m.wamid, m.seq from messages m
    where m.conversation_id = c.id and m.direction = 'inbound' and m.wamid is not null and m.origin is null and m.seq <= ${upTo}
    order by m.seq desc limit 1
  ) newest
  where c.id = $1
  on conflict (conversation_id) do update
    set wamid = excluded.wamid, seq = excluded.seq, due_at = excluded.due_at, attempts = 0
    where excluded.seq > read_receipts.seq`;

/** Asks for blue ticks: a row that the sender of receipts takes; asking again for what was asked changes nothing. */
@Injectable()
export class ReadReceiptsRepository {
  /** By the policy "on open": only if this agent owns the conversation, and only up to where they have read. */
  async requestOnOpen(tx: Tx, conversationId: string, agentId: string): Promise<void> {
    await query(
      tx,
      receiptOf(
        `from conversations c
         join channels on channels.id = c.channel_id and channels.receipts_policy = 'on_open' and c.assignee_id = $2
         join read_cursors seen on seen.conversation_id = c.id and seen.agent_id = $2`,
        'seen.seq',
      ),
      [conversationId, agentId],
    );
  }

  /** By the policy "on reply": everything that the customer has written so far. */
  async requestReceipt(tx: Tx, conversation: Pick<ConversationRow, 'id'>): Promise<void> {
    await query(
      tx,
      receiptOf(
        `from conversations c
         join channels on channels.id = c.channel_id and channels.receipts_policy = 'on_reply'`,
        'c.last_seq',
      ),
      [conversation.id],
    );
  }
}

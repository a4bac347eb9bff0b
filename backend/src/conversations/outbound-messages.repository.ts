import { Injectable } from '@nestjs/common';
import type { MessageStatus, MessageType } from '@parley/contract';
import { newId } from '../common/ids.js';
import { query, type Tx } from '../database/database.js';
import { LogRepository } from '../log/log.repository.js';
import { CONVERSATION_COLUMNS, type Actor, type ConversationRow } from './conversation.row.js';
import { placeOf, updatedEvent } from './conversations.repository.js';

/** A message of ours before it has a place in the thread. */
export interface OutboundDraft {
  sender: Actor;
  type: MessageType;
  /** What search finds and a list row shows. */
  body: string;
  content: Record<string, unknown>;
  replyToId?: string | null;
  replyToWamid?: string | null;
  clientMessageId?: string | null;
  /** Canonical request: only the fields that the client sent, without `basedOn`. */
  clientRequest?: Record<string, unknown> | null;
  /** Of the bot's messages: what must still hold when it leaves. */
  guard?: Record<string, unknown> | null;
  /** Held back until then, so that its sender can take it back. */
  heldUntil?: Date | null;
  status: MessageStatus;
  /** The file that it carries. */
  mediaId?: string | null;
  /** Of a carousel: the files of its cards. */
  cardFileIds?: readonly string[];
  /** What it is sent for; costs are broken down by it. */
  campaign?: string | null;
  /** A reaction: it takes its turn, but says nothing that moves the conversation in a list or answers anybody. */
  isQuiet?: boolean;
}

/** Puts messages of ours into the thread, under the conversation's row lock. */
@Injectable()
export class OutboundMessagesRepository {
  constructor(private readonly log: LogRepository) {}

  /**
   * Appends at the next `seq`, moves the conversation (`rev`, activity, nobody waits any more when a person answered)
   * and logs both. The caller holds the row lock and passes the clock read after it.
   */
  async append(
    tx: Tx,
    conversation: ConversationRow,
    draft: OutboundDraft,
    now: Date,
  ): Promise<{ messageId: string; seq: number; conversation: ConversationRow }> {
    const messageId = newId();
    const seq = conversation.lastSeq + 1;
    await query(
      tx,
      `insert into messages (conversation_id, id, channel_id, case_id, seq, direction, sender_type, sender_id, type,
         body, content, reply_to_id, reply_to_wamid, client_message_id, client_request, status, event_at,
         event_second, inbound_number, created_at, send_guard, held_until, next_attempt_at, media_id, card_file_ids,
         campaign)
       values ($1, $2, $3, $4, $5, 'outbound', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
         floor(extract(epoch from $16::timestamptz)), $17, $16, $18, $19, $19, $20, $21, $22)`,
      [
        conversation.id,
        messageId,
        conversation.channelId,
        conversation.caseId,
        seq,
        draft.sender.type,
        draft.sender.id,
        draft.type,
        draft.body,
        JSON.stringify(draft.content),
        draft.replyToId ?? null,
        draft.replyToWamid ?? null,
        draft.clientMessageId ?? null,
        draft.clientRequest ? JSON.stringify(draft.clientRequest) : null,
        draft.status,
        now,
        conversation.inboundCount,
        draft.guard ? JSON.stringify(draft.guard) : null,
        draft.heldUntil ?? null,
        draft.mediaId ?? null,
        draft.cardFileIds ?? null,
        draft.campaign ?? null,
      ],
    );
    const isQuiet = draft.isQuiet ?? false;
    const answersCustomer = draft.sender.type === 'agent' && !isQuiet;
    const [row] = await query<ConversationRow>(
      tx,
      `update conversations c
       set rev = rev + 1, last_seq = $2, updated_at = $4,
           last_message_id = case when $6 then last_message_id else $3 end,
           last_activity_at = case when $6 then last_activity_at else $4 end,
           waiting_since = case when $5 then null else waiting_since end
       where c.id = $1
       returning ${CONVERSATION_COLUMNS}`,
      [conversation.id, seq, messageId, now, answersCustomer, isQuiet],
    );
    if (!row) throw new Error(`conversation ${conversation.id} vanished under its lock`);
    if (answersCustomer && row.caseId) {
      await query(
        tx,
        `update cases set first_replied_at = $3
         where conversation_id = $1 and id = $2 and first_replied_at is null`,
        [row.id, row.caseId, now],
      );
    }
    await this.log.append(tx, [
      { ...placeOf(row), type: 'message.created', conversationId: row.id, messageId },
      updatedEvent(conversation, row),
    ]);
    return { messageId, seq, conversation: row };
  }
}

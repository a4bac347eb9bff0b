import { Injectable } from '@nestjs/common';
import type { MessageError, MessageStatus, MessageType, SenderType } from '@parley/contract';
import { query, type Tx } from '../../database/database.js';
import type { CanonicalRequest, DraftContent } from '../content/outbound-draft.js';

/** A message that a client's id names already. */
export interface KnownMessage {
  id: string;
  senderId: string | null;
  request: CanonicalRequest | null;
}

/** A message of ours that somebody wants to send again. */
export interface SentBefore {
  id: string;
  senderType: SenderType;
  senderId: string | null;
  createdAt: Date;
  type: MessageType;
  status: MessageStatus;
  error: MessageError | null;
  failedAt: Date | null;
  unknownAt: Date | null;
  body: string;
  content: DraftContent['content'];
  request: CanonicalRequest | null;
  replyToId: string | null;
  replyToWamid: string | null;
  mediaId: string | null;
  campaign: string | null;
  isResent: boolean;
}

/** A message of either side that somebody wants to send on. */
export interface Original {
  type: MessageType;
  content: DraftContent['content'];
  mediaId: string | null;
  revokedAt: Date | null;
}

/** What the send transaction asks and writes beside the thread itself. */
@Injectable()
export class OutboundRepository {
  async findByClientId(tx: Tx, conversationId: string, clientMessageId: string): Promise<KnownMessage | null> {
    const [row] = await query<KnownMessage>(
      tx,
      `select id, sender_id as "senderId", client_request as request
       from messages where conversation_id = $1 and client_message_id = $2`,
      [conversationId, clientMessageId],
    );
    return row ?? null;
  }

  /** The quoted message; its wamid is null while it is itself on its way. */
  async findQuoted(tx: Tx, conversationId: string, messageId: string): Promise<{ wamid: string | null } | null> {
    const [row] = await query<{ wamid: string | null }>(
      tx,
      'select wamid from messages where conversation_id = $1 and id = $2',
      [conversationId, messageId],
    );
    return row ?? null;
  }

  async findSent(tx: Tx, conversationId: string, messageId: string): Promise<SentBefore | null> {
    const [row] = await query<SentBefore>(
      tx,
      `select id, sender_type as "senderType", sender_id as "senderId", created_at as "createdAt", type, status, error,
              failed_at as "failedAt", unknown_at as "unknownAt", body, content,
              client_request as request, reply_to_id as "replyToId", reply_to_wamid as "replyToWamid",
              media_id as "mediaId", campaign, settled_as is not distinct from 'resent' as "isResent"
       from messages where conversation_id = $1 and id = $2 and direction = 'outbound'`,
      [conversationId, messageId],
    );
    return row ?? null;
  }

  async findOriginal(tx: Tx, conversationId: string, messageId: string): Promise<Original | null> {
    const [row] = await query<Original>(
      tx,
      `select type, content, media_id as "mediaId", revoked_at as "revokedAt"
       from messages where conversation_id = $1 and id = $2`,
      [conversationId, messageId],
    );
    return row ?? null;
  }

  /** It is sent again as another message: nobody need look at it any more, and nobody can send it once more. */
  async settleResent(tx: Tx, conversationId: string, messageId: string, now: Date): Promise<void> {
    await query(
      tx,
      `update messages set settled_at = $3, settled_as = 'resent', rev = rev + 1 where conversation_id = $1 and id = $2`,
      [conversationId, messageId, now],
    );
  }

  /**
   * What an agent who has seen all up to `seq` has not seen: the customer's words and those of other people. The bot
   * is nobody one could talk past.
   */
  async unseenBy(
    tx: Tx,
    agentId: string,
    conversationId: string,
    seq: number,
    limit: number,
  ): Promise<{ conversationId: string; messageId: string }[]> {
    return query(
      tx,
      `select conversation_id as "conversationId", id as "messageId" from messages
       where conversation_id = $1 and seq > $2
         and (direction = 'inbound' or (sender_type <> 'bot' and sender_id is distinct from $3))
         and error->>'code' is distinct from 'undone'
         and type <> 'reaction' and origin is distinct from 'history'
       order by seq desc limit $4`,
      [conversationId, seq, agentId, limit],
    );
  }

  /** Makes the conversation due, unless its head is already waiting for its own time; people rank before the bot. */
  async makeDue(
    tx: Tx,
    conversation: { id: string; channelId: string },
    sender: 'agent' | 'bot',
    heldUntil: Date | null = null,
  ): Promise<void> {
    await query(
      tx,
      `insert into outbox (conversation_id, channel_id, due_at, rank) values ($1, $2, coalesce($4, app_now()), $3)
       on conflict (conversation_id) do update
         set rank = case when outbox.due_at is null then excluded.rank else least(outbox.rank, excluded.rank) end,
             due_at = coalesce(outbox.due_at, excluded.due_at)`,
      [conversation.id, conversation.channelId, sender === 'agent' ? 0 : 1, heldUntil],
    );
  }
}

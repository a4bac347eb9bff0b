import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** Our reactions on messages of a thread. */
@Injectable()
export class ReactionsRepository {
  /** A message that Meta knows can be reacted to. */
  async isReactable(tx: Tx, conversationId: string, messageId: string): Promise<boolean> {
    const rows = await query(
      tx,
      `select id from messages
       where conversation_id = $1 and id = $2 and wamid is not null and type not in ('reaction', 'system')`,
      [conversationId, messageId],
    );
    return rows.length > 0;
  }

  /**
   * The number's one reaction on a message: a colleague's earlier one is replaced by it at Meta, so here too. `carrierId`
   * is the message that takes it there; when that fails, the reaction is not shown.
   */
  async react(
    tx: Tx,
    reaction: {
      conversationId: string;
      messageId: string;
      agentId: string;
      emoji: string;
      carrierId: string;
      at: Date;
    },
  ): Promise<void> {
    const { conversationId, messageId, agentId, emoji, carrierId, at } = reaction;
    await query(
      tx,
      `update message_reactions set emoji = null
       where conversation_id = $1 and message_id = $2 and actor_type <> 'contact' and actor_id <> $3`,
      [conversationId, messageId, agentId],
    );
    await query(
      tx,
      `insert into message_reactions (conversation_id, message_id, actor_type, actor_id, emoji, carrier_id, event_at)
       values ($1, $2, 'agent', $3, $4, $5, $6)
       on conflict (conversation_id, message_id, actor_type, actor_id) do update
         set emoji = excluded.emoji, carrier_id = excluded.carrier_id, event_at = excluded.event_at`,
      [conversationId, messageId, agentId, emoji === '' ? null : emoji, carrierId, at],
    );
    await query(tx, 'update messages set rev = rev + 1 where conversation_id = $1 and id = $2', [
      conversationId,
      messageId,
    ]);
  }
}

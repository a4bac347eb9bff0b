import { Injectable } from '@nestjs/common';
import { MARKETING_STOP_CODES } from '../../channels/meta-errors.js';
import { prepared, type Tx } from '../../database/database.js';

/** A message of ours, by its wamid or, where that is not known here yet, by what our callback data say. */
export interface NamedMessage {
  channelId: string;
  wamid: string;
  conversationId: string | null;
}

/** Whom messages went to, and which of them their customers did not want. */
@Injectable()
export class MarketingStopsRepository {
  /** The contact behind each of these messages, in their order; null where there is none, or nobody knows the message. */
  async contactsOf(tx: Tx, messages: readonly NamedMessage[]): Promise<(string | null)[]> {
    if (messages.length === 0) return [];
    const rows = await prepared<{ contactId: string | null }>(
      tx,
      `select c.contact_id as "contactId"
       from unnest($1::uuid[], $2::text[], $3::uuid[]) with ordinality
         as t (channel_id, wamid, conversation_id, position)
       left join message_keys k on k.channel_id = t.channel_id and k.wamid = t.wamid
       left join conversations named on named.id = coalesce(k.conversation_id, t.conversation_id)
         and named.channel_id = t.channel_id
       left join conversations c on c.id = coalesce(named.merged_into_id, named.id)
       order by t.position`,
      [
        messages.map(({ channelId }) => channelId),
        messages.map(({ wamid }) => wamid),
        messages.map(({ conversationId }) => conversationId),
      ],
    );
    return rows.map(({ contactId }) => contactId);
  }

  /**
   * Moves the `rev` of what failed in these conversations because their customers wanted no marketing, and was not sent
   * again: whether that can help is another now.
   */
  async touchRefused(
    tx: Tx,
    conversationIds: readonly string[],
  ): Promise<{ conversationId: string; messageId: string }[]> {
    if (conversationIds.length === 0) return [];
    return prepared(
      tx,
      `with target as materialized (
         select m.conversation_id, m.id from messages m
         where m.conversation_id = any($1::uuid[]) and m.direction = 'outbound' and m.status = 'failed'
           and m.error ->> 'code' = any($2::text[]) and m.settled_as is distinct from 'resent'
         order by m.conversation_id, m.id
         for update of m
       )
       update messages m set rev = m.rev + 1
       from target t
       where m.conversation_id = t.conversation_id and m.id = t.id
       returning m.conversation_id as "conversationId", m.id as "messageId"`,
      [conversationIds, MARKETING_STOP_CODES],
    );
  }
}

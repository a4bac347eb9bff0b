import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import type { NotedFiles } from './inbound-files.repository.js';
import type { PlacedMessage } from './thread-draft.js';

/** A wamid and the message that it names. */
export interface MessageKey {
  channelId: string;
  wamid: string;
  conversationId: string;
  messageId: string;
}

/** Somebody's reaction; `emoji: null` = taken back. */
export interface ReactionRow {
  conversationId: string;
  messageId: string;
  actor: { type: 'contact' | 'system'; id: string };
  emoji: string | null;
  wamid: string;
  at: Date;
}

/** Of a message of the history; Meta does not say why. */
const FAILED_ON_THE_PHONE = JSON.stringify({
  code: 'history',
  title: 'It was not sent: so the phone has it.',
  detail: null,
  retryable: false,
});

/** Messages, their keys and the reactions to them. */
@Injectable()
export class InboundMessagesRepository {
  /** Keys that exist. */
  async known(tx: Tx, keys: readonly Pick<MessageKey, 'channelId' | 'wamid'>[]): Promise<MessageKey[]> {
    if (keys.length === 0) return [];
    return prepared<MessageKey>(
      tx,
      `select k.channel_id as "channelId", k.wamid, k.conversation_id as "conversationId", k.message_id as "messageId"
       from unnest($1::uuid[], $2::text[]) as t (channel_id, wamid) join message_keys k using (channel_id, wamid)`,
      [keys.map((key) => key.channelId), keys.map((key) => key.wamid)],
    );
  }

  /** Which message of each conversation is the last one shown by that time; 0 = none is. */
  async lastSeqsBy(tx: Tx, places: readonly { conversationId: string; at: Date }[]): Promise<number[]> {
    if (places.length === 0) return [];
    const rows = await prepared<{ seq: number }>(
      tx,
      `select coalesce((
         select m.seq from messages m
         where m.conversation_id = p.conversation_id and m.event_second <= floor(extract(epoch from p.at))
         order by m.event_second desc, m.seq desc limit 1), 0) as seq
       from unnest($1::uuid[], $2::timestamptz[]) with ordinality as p (conversation_id, at, place) order by p.place`,
      [places.map(({ conversationId }) => conversationId), places.map(({ at }) => at)],
    );
    return rows.map(({ seq }) => seq);
  }

  /** Whether a line says already that a number or an id changed at that time; in the order of the places. */
  async areIdsTold(tx: Tx, places: readonly { conversationId: string; at: Date }[]): Promise<boolean[]> {
    if (places.length === 0) return [];
    const rows = await prepared<{ isTold: boolean }>(
      tx,
      `select exists (
         select from timeline_entries t
         where t.conversation_id = p.conversation_id and t.kind in ('number_changed', 'id_changed')
           and t.created_at = p.at) as "isTold"
       from unnest($1::uuid[], $2::timestamptz[]) with ordinality as p (conversation_id, at, place) order by p.place`,
      [places.map(({ conversationId }) => conversationId), places.map(({ at }) => at)],
    );
    return rows.map(({ isTold }) => isTold);
  }

  /** Writes keys; those that come back are new, and only what they name may take effect. */
  async claim(tx: Tx, keys: readonly MessageKey[]): Promise<Pick<MessageKey, 'channelId' | 'wamid'>[]> {
    if (keys.length === 0) return [];
    return prepared<Pick<MessageKey, 'channelId' | 'wamid'>>(
      tx,
      `insert into message_keys (channel_id, wamid, conversation_id, message_id)
       select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[])
         as k (channel_id, wamid, conversation_id, message_id)
       order by k.channel_id, k.wamid
       on conflict do nothing
       returning channel_id as "channelId", wamid`,
      [
        keys.map((key) => key.channelId),
        keys.map((key) => key.wamid),
        keys.map((key) => key.conversationId),
        keys.map((key) => key.messageId),
      ],
    );
  }

  /** `files` names the files of the messages that have some. */
  async insert(tx: Tx, messages: readonly PlacedMessage[], files: NotedFiles, now: Date): Promise<void> {
    if (messages.length === 0) return;
    await prepared(
      tx,
      `insert into messages (conversation_id, id, channel_id, case_id, seq, direction, sender_type, sender_id, type, body,
         content, raw_type, forwarded, reply_to_wamid, wamid, status, event_at, meta_timestamp, event_second,
         inbound_number, sent_at, created_at, media_id, card_file_ids, origin, error)
       select m.conversation_id, m.id, m.channel_id, m.case_id, m.seq, m.direction, m.sender_type, m.sender_id, m.type,
         m.body, m.content, m.raw_type, m.forwarded, m.reply_to_wamid, m.wamid,
         coalesce(m.status, case m.direction when 'inbound' then 'received' else 'sent' end), m.event_at, m.meta_timestamp,
         floor(extract(epoch from m.event_at)), m.inbound_number,
         case m.direction when 'outbound' then m.event_at end, $18, m.media_id,
         case when m.picture_id is not null then array[m.picture_id] end, m.origin,
         case when m.status = 'failed' then $23::jsonb end
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::uuid[],
         $9::text[], $10::text[], $11::jsonb[], $12::text[], $13::boolean[], $14::text[], $15::text[],
         $16::timestamptz[], $17::text[], $19::bigint[], $20::uuid[],
         $21::text[], $22::text[], $24::uuid[])
         as m (conversation_id, id, channel_id, case_id, seq, direction, sender_type, sender_id, type, body, content,
           raw_type, forwarded, reply_to_wamid, wamid, event_at, meta_timestamp, inbound_number, media_id, origin, status, picture_id)`,
      [
        messages.map((placed) => placed.conversationId),
        messages.map((placed) => placed.messageId),
        messages.map((placed) => placed.channelId),
        messages.map((placed) => placed.caseId),
        messages.map((placed) => placed.seq),
        messages.map((placed) => placed.direction),
        messages.map((placed) => placed.sender.type),
        messages.map((placed) => placed.sender.id),
        messages.map((placed) => placed.message.type),
        messages.map((placed) => placed.message.body),
        messages.map((placed) => JSON.stringify(placed.message.content)),
        messages.map((placed) => placed.message.rawType),
        messages.map((placed) => placed.message.forwarded),
        messages.map((placed) => placed.message.replyToWamid),
        messages.map((placed) => placed.wamid),
        messages.map((placed) => placed.time.at),
        messages.map((placed) => placed.time.original),
        now,
        messages.map((placed) => placed.inboundNumber),
        messages.map((placed) => files.media.get(placed.messageId) ?? null),
        messages.map((placed) => placed.origin ?? null),
        messages.map((placed) => placed.status ?? null),
        FAILED_ON_THE_PHONE,
        messages.map((placed) => files.pictures.get(placed.messageId) ?? null),
      ],
    );
  }

  /** One row per actor and message; an older reaction never replaces a newer one. Returns the messages that changed. */
  async react(tx: Tx, reactions: readonly ReactionRow[]): Promise<{ conversationId: string; messageId: string }[]> {
    if (reactions.length === 0) return [];
    return prepared<{ conversationId: string; messageId: string }>(
      tx,
      `with written as (
         insert into message_reactions as r (conversation_id, message_id, actor_type, actor_id, emoji, wamid, event_at)
         select t.conversation_id, t.message_id, t.actor_type, t.actor_id, t.emoji, t.wamid, t.event_at
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
           as t (conversation_id, message_id, actor_id, emoji, wamid, event_at, actor_type)
         order by t.conversation_id, t.message_id, t.actor_type, t.actor_id
         on conflict (conversation_id, message_id, actor_type, actor_id) do update
           set emoji = excluded.emoji, wamid = excluded.wamid, event_at = excluded.event_at
           where excluded.event_at >= r.event_at
         returning conversation_id, message_id
       )
       update messages m set rev = m.rev + 1
       from (select distinct conversation_id, message_id from written) w
       where m.conversation_id = w.conversation_id and m.id = w.message_id
       returning m.conversation_id as "conversationId", m.id as "messageId"`,
      [
        reactions.map((reaction) => reaction.conversationId),
        reactions.map((reaction) => reaction.messageId),
        reactions.map((reaction) => reaction.actor.id),
        reactions.map((reaction) => reaction.emoji),
        reactions.map((reaction) => reaction.wamid),
        reactions.map((reaction) => reaction.at),
        reactions.map((reaction) => reaction.actor.type),
      ],
    );
  }

  /** On the customer's phone the business has one reaction to a message, whoever gave it: its newest. */
  async keepNewestOfBusiness(
    tx: Tx,
    messages: readonly { conversationId: string; messageId: string }[],
  ): Promise<void> {
    if (messages.length === 0) return;
    await prepared(
      tx,
      `update message_reactions r set emoji = null
       from unnest($1::uuid[], $2::uuid[]) as m (conversation_id, message_id)
       where r.conversation_id = m.conversation_id and r.message_id = m.message_id and r.actor_type <> 'contact'
         and r.emoji is not null and r.event_at < (
           select max(o.event_at) from message_reactions o
           where o.conversation_id = r.conversation_id and o.message_id = r.message_id and o.actor_type <> 'contact')`,
      [messages.map((message) => message.conversationId), messages.map((message) => message.messageId)],
    );
  }

  /** What Meta says about a number as a whole; the same item twice is one notice. */
  async notice(tx: Tx, notices: readonly NoticeRow[]): Promise<void> {
    if (notices.length === 0) return;
    await prepared(
      tx,
      `insert into channel_notices (id, channel_id, kind, code, title, details)
       select md5(n.delivery_id || ' ' || n.ordinal)::uuid, n.channel_id, 'error', n.code, n.title,
         jsonb_build_object('detail', n.detail)
       from unnest($1::text[], $2::int[], $3::uuid[], $4::int[], $5::text[], $6::text[])
         as n (delivery_id, ordinal, channel_id, code, title, detail)
       on conflict (id) do nothing`,
      [
        notices.map((row) => row.deliveryId),
        notices.map((row) => row.ordinal),
        notices.map((row) => row.channelId),
        notices.map((row) => row.code),
        notices.map((row) => row.title),
        notices.map((row) => row.detail),
      ],
    );
  }
}

export interface NoticeRow {
  deliveryId: string;
  ordinal: number;
  channelId: string;
  code: number | null;
  title: string;
  detail: string | null;
}

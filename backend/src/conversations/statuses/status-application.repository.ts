import { Injectable } from '@nestjs/common';
import type { MessageError, MessageStatus } from '@parley/contract';
import { metaMessageError } from '../../channels/meta-errors.js';
import { PAIR_FULL_MS } from '../../channels/pace.js';
import { prepared, type Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import type { StatusHead } from './status-head.js';
import { stateOf } from './status-ladder.js';
import type { StatusError, StatusStep } from './status-report.js';
import { unsettledBy } from './unsettled.sql.js';

/** "Re-engagement message": the window was closed after all. */
const REENGAGEMENT_CODE = 131_047;

/** A message that a status moved. */
export interface MovedMessage {
  conversationId: string;
  messageId: string;
  status: MessageStatus;
  statusBefore: MessageStatus;
  teamId: string | null;
  assigneeId: string | null;
  channelId: string;
  /** Of what failed: as Meta says, whole seconds. */
  failedAt: Date | null;
  error: MessageError | null;
}

const MOVE = `
  with told as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
      $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::jsonb[])
      as t (channel_id, wamid, status, accepted_at, sent_at, delivered_at, read_at, played_at, failed_at, error)
  ), target as (
    select m.conversation_id, m.id, m.status as status_before, told.*
    from told
    join message_keys k on k.channel_id = told.channel_id and k.wamid = told.wamid
    join messages m on m.conversation_id = k.conversation_id and m.id = k.message_id
      and m.direction = 'outbound' and m.wamid = told.wamid
    order by m.conversation_id, m.id
    for update of m
  )
  update messages m
  set status = t.status, error = t.error, accepted_at = t.accepted_at, sent_at = t.sent_at,
      delivered_at = t.delivered_at, read_at = t.read_at, played_at = t.played_at, failed_at = t.failed_at,
      next_attempt_at = null, rev = m.rev + 1,
      ${unsettledBy('t.status')}
  from target t join conversations c on c.id = t.conversation_id
  where m.conversation_id = t.conversation_id and m.id = t.id
    and (m.status, m.accepted_at, m.sent_at, m.delivered_at, m.read_at, m.played_at)
      is distinct from (t.status, t.accepted_at, t.sent_at, t.delivered_at, t.read_at, t.played_at)
  returning m.conversation_id as "conversationId", m.id as "messageId", m.status, t.status_before as "statusBefore",
    c.team_id as "teamId", c.assignee_id as "assigneeId", m.channel_id as "channelId", m.failed_at as "failedAt",
    m.error`;

/** Brings messages to the state that their head says. */
@Injectable()
export class StatusApplicationRepository {
  /**
   * Our callback data name the message even where Meta's answer never reached us: its wamid is registered, which heals
   * `unknown`. Returns the keys that are new.
   */
  async registerCallbacks(tx: Tx, heads: readonly StatusHead[]): Promise<{ channelId: string; wamid: string }[]> {
    const named = heads.filter((head) => head.conversationId !== null && head.messageId !== null);
    if (named.length === 0) return [];
    const first = await this.register(tx, named);
    const missed = named.filter((_head, index) => !first.found.has(index));
    if (missed.length === 0) return first.keyed;
    // A message that moved to another thread while its row was waited for is found there by a new look.
    return [...first.keyed, ...(await this.register(tx, missed)).keyed];
  }

  private async register(
    tx: Tx,
    named: readonly StatusHead[],
  ): Promise<{ found: ReadonlySet<number>; keyed: { channelId: string; wamid: string }[] }> {
    const rows = await prepared<{ channelId: string; wamid: string; position: number; isNew: boolean }>(
      tx,
      `with told as (
         select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[]) with ordinality
           as t (channel_id, wamid, conversation_id, message_id, position)
       ), target as materialized (
         select t.channel_id, t.wamid, t.position, m.conversation_id, m.id
         from told t
         join conversations c on c.id = t.conversation_id
         join messages m on m.conversation_id = coalesce(c.merged_into_id, c.id) and m.id = t.message_id
           and m.channel_id = t.channel_id and m.direction = 'outbound'
         order by m.conversation_id, m.id
         for update of m
       ), keyed as (
         insert into message_keys (channel_id, wamid, conversation_id, message_id)
         select channel_id, wamid, conversation_id, id from target order by channel_id, wamid
         on conflict do nothing
         returning channel_id, wamid, conversation_id, message_id
       ), named as (
         update messages m set wamid = k.wamid
         from keyed k
         where m.conversation_id = k.conversation_id and m.id = k.message_id and m.wamid is null
       )
       select t.channel_id as "channelId", t.wamid, t.position, k.wamid is not null as "isNew"
       from target t left join keyed k using (channel_id, wamid)`,
      [
        named.map((head) => head.channelId),
        named.map((head) => head.wamid),
        named.map((head) => head.conversationId),
        named.map((head) => head.messageId),
      ],
    );
    const keyed = new Map(
      rows.filter(({ isNew }) => isNew).map((row) => [JSON.stringify([row.channelId, row.wamid]), row]),
    );
    return {
      found: new Set(rows.map(({ position }) => position - 1)),
      keyed: [...keyed.values()].map(({ channelId, wamid }) => ({ channelId, wamid })),
    };
  }

  /** Sets the messages of these heads from them; returns those that changed. Heads without a message do nothing. */
  async move(tx: Tx, heads: readonly StatusHead[]): Promise<MovedMessage[]> {
    const told = heads.flatMap((head) => {
      const state = head.participant === '' ? stateOf(head.times) : null;
      return state ? [{ head, state }] : [];
    });
    if (told.length === 0) return [];
    const timesOf = (step: StatusStep) => told.map(({ head }) => head.times[step] ?? null);
    return prepared<MovedMessage>(tx, MOVE, [
      told.map(({ head }) => head.channelId),
      told.map(({ head }) => head.wamid),
      told.map(({ state }) => state),
      timesOf('accepted'),
      timesOf('sent'),
      timesOf('delivered'),
      timesOf('read'),
      timesOf('played'),
      told.map(({ head, state }) => (state === 'failed' ? (head.times.failed ?? null) : null)),
      told.map(({ head, state }) => (state === 'failed' ? JSON.stringify(toMessageError(head.errors)) : null)),
    ]);
  }

  /** A head that was `queued` for another try has been settled: what stands behind it may go now. */
  async releaseOutbox(tx: Tx, moved: readonly MovedMessage[]): Promise<void> {
    const ids = moved
      .filter(({ statusBefore }) => statusBefore === 'queued' || statusBefore === 'sending')
      .map(({ conversationId }) => conversationId);
    if (ids.length === 0) return;
    await prepared(
      tx,
      `update outbox set due_at = app_now()
       where conversation_id = any($1::uuid[]) and lease_id is null and due_at > app_now()`,
      [ids],
    );
  }

  /**
   * Customers who got too much in a short time, as Meta says of these messages: the next to them waits as if all that may
   * be borrowed was used when the last of them failed.
   */
  async holdPairs(tx: Tx, refused: readonly MovedMessage[]): Promise<void> {
    if (refused.length === 0) return;
    await prepared(
      tx,
      `with told as (
         select conversation_id, max(failed_at) as failed_at
         from unnest($1::uuid[], $2::timestamptz[]) as t (conversation_id, failed_at) group by conversation_id
       ), held as materialized (
         select conversation_id from outbox where conversation_id = any($1) order by conversation_id for update
       )
       update outbox o
       set pair_tat = greatest(o.pair_tat, told.failed_at + $3::int * interval '1 millisecond')
       from held join told using (conversation_id)
       where o.conversation_id = held.conversation_id`,
      [refused.map(({ conversationId }) => conversationId), refused.map(({ failedAt }) => failedAt), PAIR_FULL_MS],
    );
  }

  async touchReactionTargets(
    tx: Tx,
    failed: readonly { conversationId: string; messageId: string }[],
  ): Promise<{ conversationId: string; messageId: string }[]> {
    if (failed.length === 0) return [];
    return prepared(
      tx,
      `update messages target set rev = target.rev + 1
       from unnest($1::uuid[], $2::uuid[]) as t (conversation_id, id)
       join messages carrier on carrier.conversation_id = t.conversation_id and carrier.id = t.id
         and carrier.type = 'reaction'
       where target.conversation_id = carrier.conversation_id
         and target.id = (carrier.content -> 'reaction' ->> 'messageId')::uuid
       returning target.conversation_id as "conversationId", target.id as "messageId"`,
      [failed.map((ref) => ref.conversationId), failed.map((ref) => ref.messageId)],
    );
  }

  /** Keys among these that belong to a message. */
  async knownKeys(tx: Tx, heads: readonly StatusHead[]): Promise<KnownKey[]> {
    return prepared<KnownKey>(
      tx,
      `select k.channel_id as "channelId", k.wamid, k.conversation_id as "conversationId", k.message_id as "messageId"
       from unnest($1::uuid[], $2::text[]) as t (channel_id, wamid)
       join message_keys k using (channel_id, wamid)`,
      [heads.map((head) => head.channelId), heads.map((head) => head.wamid)],
    );
  }

  /** Meta's 131047 overrules our own reckoning of the window. Returns the conversations whose window this closed. */
  async closeWindows(tx: Tx, moved: readonly MovedMessage[]): Promise<MovedMessage[]> {
    const failed = moved.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return [];
    const closed = await prepared<{ id: string }>(
      tx,
      `with refused as (
         select distinct on (m.conversation_id) m.conversation_id, m.failed_at
         from unnest($1::uuid[], $2::uuid[]) as t (conversation_id, id)
         join messages m on m.conversation_id = t.conversation_id and m.id = t.id
         where m.error ->> 'code' = '${REENGAGEMENT_CODE}'
         order by m.conversation_id, m.failed_at desc
       )
       update conversations c set window_expires_at = r.failed_at, rev = c.rev + 1, updated_at = app_now()
       from refused r
       where c.id = r.conversation_id and c.window_expires_at > r.failed_at
         and c.window_expires_at - interval '24 hours' <= r.failed_at
       returning c.id`,
      [failed.map((moved) => moved.conversationId), failed.map((moved) => moved.messageId)],
    );
    const ids = new Set(closed.map(({ id }) => id));
    return failed.filter(({ conversationId }) => ids.delete(conversationId));
  }
}

/** Key and message of a wamid. */
export interface KnownKey {
  channelId: string;
  wamid: string;
  conversationId: string;
  messageId: string;
}

/** "Something went wrong" and its like say less than any error that comes with them (Meta: error codes). */
const VAGUE_CODES: ReadonlySet<number | null> = new Set([1, 2, 131_000, 131_016]);

/** Of several errors the most telling leads: the first with a code of its own, then any with a code. */
export function toMessageError(errors: readonly StatusError[] | null): MessageError {
  const coded = errors?.filter(({ code }) => code !== null);
  const leading = coded?.find(({ code }) => !VAGUE_CODES.has(code)) ?? coded?.[0] ?? errors?.[0];
  const detail = leading?.detail ?? leading?.title ?? null;
  if (leading?.code !== null && leading?.code !== undefined) return metaMessageError(leading.code, detail);
  return { code: 'unknown', title: 'WhatsApp could not deliver the message', detail, retryable: true };
}

/** What the log learns of moved messages. */
export const movedEvents = (moved: readonly MovedMessage[], type: LogEvent['type'] = 'message.updated'): LogEvent[] =>
  moved.map(({ conversationId, messageId, teamId, assigneeId }) => ({
    type,
    conversationId,
    ...(type === 'message.updated' ? { messageId } : {}),
    teamBefore: teamId,
    teamAfter: teamId,
    assigneeBefore: assigneeId,
    assigneeAfter: assigneeId,
  }));

import { Injectable } from '@nestjs/common';
import type { ConversationStatus, MessageError, SenderType } from '@parley/contract';
import type { Pace } from '../../channels/pace.js';
import { newestIdFirst } from '../../conversations/contact-ids.sql.js';
import { query, type Tx } from '../../database/database.js';
import type { Sendable } from '../graph/graph-body.js';
import type { CanonicalRequest } from '../content/outbound-draft.js';

/** What must still hold when a message of the bot leaves; stored with the message. */
export interface LeaseGuard {
  caseId: string | null;
  handsOver: boolean;
}

/** A due conversation with the head of its queue: the only message of it that may go. */
export interface DueHead {
  conversationId: string;
  pairTat: Date | null;
  messageId: string | null;
  senderType: SenderType | null;
  /** Before then it must not go: it is held back, or its next try has its own time. */
  notBefore: Date | null;
  guard: LeaseGuard | null;
  status: ConversationStatus;
  assigneeId: string | null;
  teamId: string | null;
  caseId: string | null;
  isAnsweredByPerson: boolean;
  /** Whether it is marketing, as its template was when it was sent, and the customer wants none by now. */
  isUnwanted: boolean;
}

/** A head that is leased: what is needed to make the call and to tell its outcome. */
export interface LeasedRow {
  conversationId: string;
  messageId: string;
  attempt: number;
  senderType: SenderType;
  type: string;
  body: string;
  content: Sendable['content'];
  fileId: string | null;
  targetWamid: string | null;
  request: CanonicalRequest | null;
  quotedWamid: string | null;
  groupId: string | null;
  phone: string | null;
  userId: string | null;
}

/** A number under its lock. */
export interface HeldNumber extends Pace {
  phoneNumberId: string;
  portfolioId: string;
  tokenSealed: string | null;
}

/** A message and where its conversation stands, for the log. */
export interface Touched {
  conversationId: string;
  messageId: string;
  teamId: string | null;
  assigneeId: string | null;
}

/** The statements of the lease: what is leased is the conversation's outbox row, never a message. */
@Injectable()
export class LeasesRepository {
  /** The number's pace under its lock, or null when it may not send. Everything of a lease round comes after it. */
  async lockPace(tx: Tx, channelId: string): Promise<HeldNumber | null> {
    const [row] = await query<HeldNumber & { sendingState: string }>(
      tx,
      `select phone_number_id as "phoneNumberId", portfolio_id as "portfolioId", sending_state as "sendingState",
              access_token_sealed as "tokenSealed", rate_limit as "rateLimit", pace_rate as rate, pace_tokens as tokens, pace_at as at,
              slowed_at as "slowedAt"
       from channels where id = $1 for no key update`,
      [channelId],
    );
    return row?.sendingState === 'ok' ? row : null;
  }

  async savePace(tx: Tx, channelId: string, pace: Pace): Promise<void> {
    await query(
      tx,
      'update channels set pace_rate = $2, pace_tokens = $3, pace_at = $4, slowed_at = $5 where id = $1',
      [channelId, pace.rate, pace.tokens, pace.at, pace.slowedAt],
    );
  }

  /** Due conversations, people's before the bot's, those of other instances skipped, each with its head. */
  async lockDue(tx: Tx, channelId: string, limit: number): Promise<DueHead[]> {
    return query<DueHead>(
      tx,
      `select o.conversation_id as "conversationId", o.pair_tat as "pairTat", head.id as "messageId",
              head.sender_type as "senderType", head.next_attempt_at as "notBefore", head.send_guard as guard, c.status,
              c.assignee_id as "assigneeId", c.team_id as "teamId", c.case_id as "caseId",
              head.sender_type = 'bot' and exists (
                select from messages later
                where later.conversation_id = o.conversation_id and later.seq > head.seq and later.sender_type = 'agent'
                  and later.type <> 'reaction'
              ) as "isAnsweredByPerson",
              coalesce(head.is_marketing and exists (
                select from contacts person where person.id = c.contact_id and person.marketing_stopped
              ), false) as "isUnwanted"
       from (
         select conversation_id, pair_tat, rank, due_at from outbox
         where channel_id = $1 and due_at <= app_now() and lease_id is null
         order by rank, due_at limit $2
         for update skip locked
       ) o
       join conversations c on c.id = o.conversation_id
       left join lateral (
         select m.id, m.seq, m.sender_type, m.send_guard, m.next_attempt_at,
                m.type = 'template' and m.content -> 'template' ->> 'category' = 'marketing' as is_marketing
         from messages m
         where m.conversation_id = o.conversation_id and m.status in ('queued', 'sending') and m.direction = 'outbound'
         order by m.seq limit 1
       ) head on true
       order by o.rank, o.due_at`,
      [channelId, limit],
    );
  }

  /** Heads to `sending`, with a row for each attempt. What is no longer queued is left out. */
  async startAttempts(
    tx: Tx,
    heads: readonly { conversationId: string; messageId: string }[],
    leaseId: string,
    now: Date,
  ): Promise<{ conversationId: string; messageId: string }[]> {
    return query(
      tx,
      `with started as (
         update messages m set status = 'sending', attempts = m.attempts + 1, rev = m.rev + 1, next_attempt_at = null
         from unnest($1::uuid[], $2::uuid[]) as head (conversation_id, id)
         where m.conversation_id = head.conversation_id and m.id = head.id and m.status = 'queued'
         returning m.conversation_id, m.id, m.attempts
       ), noted as (
         insert into send_attempts (conversation_id, message_id, attempt, lease_id, started_at)
         select conversation_id, id, attempts, $3, $4 from started
       )
       select conversation_id as "conversationId", id as "messageId" from started`,
      [heads.map((head) => head.conversationId), heads.map((head) => head.messageId), leaseId, now],
    );
  }

  /** What the calls need: content, quoted wamid, where to send it. */
  async readLeased(
    tx: Tx,
    heads: readonly { conversationId: string; messageId: string }[],
    portfolioId: string,
  ): Promise<LeasedRow[]> {
    return query<LeasedRow>(
      tx,
      `select m.conversation_id as "conversationId", m.id as "messageId", m.attempts as attempt,
              m.sender_type as "senderType", m.type, m.body, m.content, m.client_request as request,
              coalesce(quoted.wamid, m.reply_to_wamid) as "quotedWamid", c.group_id as "groupId",
              phone.value as phone, person.value as "userId", m.media_id as "fileId",
              target.wamid as "targetWamid"
       from unnest($1::uuid[], $2::uuid[]) as head (conversation_id, id)
       join messages m on m.conversation_id = head.conversation_id and m.id = head.id
       join conversations c on c.id = m.conversation_id
       left join messages quoted on quoted.conversation_id = m.conversation_id and quoted.id = m.reply_to_id
       left join messages target on m.type = 'reaction' and target.conversation_id = m.conversation_id
         and target.id = (m.content -> 'reaction' ->> 'messageId')::uuid
       left join lateral (
         select i.value from contact_identities i
         where i.contact_id = c.contact_id and i.kind = 'wa_id' and i.retired_at is null ${newestIdFirst('i')} limit 1
       ) phone on true
       left join lateral (
         select i.value from contact_identities i
         where i.contact_id = c.contact_id and i.kind = 'bsuid' and i.scope = $3 ${newestIdFirst('i')} limit 1
       ) person on true`,
      [heads.map((head) => head.conversationId), heads.map((head) => head.messageId), portfolioId],
    );
  }

  async lease(
    tx: Tx,
    rows: readonly { conversationId: string; pairTat: Date }[],
    leaseId: string,
    leaseMs: number,
  ): Promise<void> {
    await query(
      tx,
      `update outbox o set lease_id = $3, lease_until = app_now() + $4 * interval '1 millisecond',
              pair_tat = held.pair_tat
       from unnest($1::uuid[], $2::timestamptz[]) as held (conversation_id, pair_tat)
       where o.conversation_id = held.conversation_id`,
      [rows.map((row) => row.conversationId), rows.map((row) => row.pairTat), leaseId, leaseMs],
    );
  }

  /** Lengthens a lease that is still this one; false when it is not. */
  async renew(tx: Tx, conversationId: string, leaseId: string, leaseMs: number): Promise<boolean> {
    const rows = await query(
      tx,
      `update outbox set lease_until = app_now() + $3 * interval '1 millisecond'
       where conversation_id = $1 and lease_id = $2 and lease_until > app_now() returning conversation_id`,
      [conversationId, leaseId, leaseMs],
    );
    return rows.length === 1;
  }

  /**
   * The same once a file is uploaded, which may have taken minutes: what the lease looked at may have changed. Null when
   * the lease is another's by now.
   */
  async renewAndLook(
    tx: Tx,
    { conversationId, messageId }: { conversationId: string; messageId: string },
    leaseId: string,
    leaseMs: number,
  ): Promise<{ isStopped: boolean; isUnwanted: boolean } | null> {
    const [held] = await query<{ isStopped: boolean; isUnwanted: boolean }>(
      tx,
      `with held as (
         update outbox set lease_until = app_now() + $4 * interval '1 millisecond'
         where conversation_id = $1 and lease_id = $3 and lease_until > app_now() returning conversation_id, channel_id
       )
       select number.sending_state <> 'ok' as "isStopped",
              coalesce(person.marketing_stopped and m.type = 'template'
                and m.content -> 'template' ->> 'category' = 'marketing', false) as "isUnwanted"
       from held
       join channels number on number.id = held.channel_id
       join messages m on m.conversation_id = held.conversation_id and m.id = $2
       join conversations c on c.id = held.conversation_id
       left join contacts person on person.id = c.contact_id`,
      [conversationId, messageId, leaseId, leaseMs],
    );
    return held ?? null;
  }

  /** Puts conversations off until `dueAt`. */
  async putOff(tx: Tx, rows: readonly { conversationId: string; dueAt: Date }[]): Promise<void> {
    if (rows.length === 0) return;
    await query(
      tx,
      `update outbox o set due_at = later.due_at
       from unnest($1::uuid[], $2::timestamptz[]) as later (conversation_id, due_at)
       where o.conversation_id = later.conversation_id`,
      [rows.map((row) => row.conversationId), rows.map((row) => row.dueAt)],
    );
  }

  /** Nothing is queued in them; looked at again now that their rows are locked, so that no send slips in between. */
  async clearIdle(tx: Tx, conversationIds: readonly string[]): Promise<void> {
    if (conversationIds.length === 0) return;
    await query(
      tx,
      `update outbox o set due_at = null
       where o.conversation_id = any($1) and not exists (
         select from messages m
         where m.conversation_id = o.conversation_id and m.status in ('queued', 'sending') and m.direction = 'outbound')`,
      [conversationIds],
    );
  }

  /** Queued messages that must not go out any more, with the reason. */
  async fail(
    tx: Tx,
    heads: readonly { conversationId: string; messageId: string }[],
    error: MessageError,
    now: Date,
  ): Promise<void> {
    await query(
      tx,
      `update messages m set status = 'failed', failed_at = $4, error = $3, rev = m.rev + 1
       from unnest($1::uuid[], $2::uuid[]) as head (conversation_id, id)
       where m.conversation_id = head.conversation_id and m.id = head.id and m.status in ('queued', 'sending')`,
      [heads.map((head) => head.conversationId), heads.map((head) => head.messageId), JSON.stringify(error), now],
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { MessageError, MessageStatus } from '@parley/contract';
import { CONVERSATION_COLUMNS, type ConversationRow } from '../../conversations/conversation.row.js';
import { unsettledBy } from '../../conversations/statuses/unsettled.sql.js';
import { query, type Tx } from '../../database/database.js';

export interface MessageRef {
  conversationId: string;
  messageId: string;
}

/** How a message stands when the outcome of a try arrives. */
export interface CurrentMessage extends MessageRef {
  status: MessageStatus;
  attempts: number;
  /** When the try that is under way began. */
  startedAt: Date | null;
  /** Outcome and code of its earlier tries. */
  past: [outcome: string, code: number | null][];
}

export interface MessageChange extends MessageRef {
  status: 'queued' | 'failed' | 'unknown';
  error: MessageError | null;
  nextAttemptAt: Date | null;
}

export interface AttemptEnd extends MessageRef {
  attempt: number;
  outcome: string;
  httpStatus: number | null;
  code: number | null;
  detail: string | null;
}

const idsOf = (refs: readonly MessageRef[]) => [
  refs.map((ref) => ref.conversationId),
  refs.map((ref) => ref.messageId),
];

/** Writes what tries came to, many at once. */
@Injectable()
export class ResultsRepository {
  /**
   * The conversations, then their outbox rows: the lock order of everybody. By the ids that were asked for: of one that
   * was merged while the call was under way the survivor.
   */
  async lock(tx: Tx, conversationIds: readonly string[]): Promise<Map<string, ConversationRow>> {
    const found = new Map((await this.lockRows(tx, conversationIds)).map((row) => [row.id, row]));
    const rows = [...found.values()];
    const merged = rows.flatMap(({ id, mergedIntoId }) => (mergedIntoId === null ? [] : [{ id, mergedIntoId }]));
    const lockedIds = rows.map(({ id }) => id);
    if (merged.length > 0) {
      const survivors = await this.lockRows(tx, [...new Set(merged.map(({ mergedIntoId }) => mergedIntoId))]);
      const byId = new Map(survivors.map((row) => [row.id, row]));
      for (const { id, mergedIntoId } of merged) {
        const survivor = byId.get(mergedIntoId);
        if (survivor) found.set(id, survivor);
      }
      lockedIds.push(...byId.keys());
    }
    await this.lockOutbox(tx, [...new Set(lockedIds)]);
    return found;
  }

  private async lockRows(tx: Tx, conversationIds: readonly string[]): Promise<ConversationRow[]> {
    return query<ConversationRow>(
      tx,
      `select ${CONVERSATION_COLUMNS} from conversations c where c.id = any($1) order by c.id for update`,
      [conversationIds],
    );
  }

  private async lockOutbox(tx: Tx, conversationIds: readonly string[]): Promise<void> {
    await query(
      tx,
      'select conversation_id from outbox where conversation_id = any($1) order by conversation_id for update',
      [conversationIds],
    );
  }

  async current(tx: Tx, refs: readonly MessageRef[]): Promise<Map<string, CurrentMessage>> {
    const rows = await query<CurrentMessage>(
      tx,
      `select m.conversation_id as "conversationId", m.id as "messageId", m.status, m.attempts,
              latest.started_at as "startedAt", coalesce(tries.past, '[]') as past
       from unnest($1::uuid[], $2::uuid[]) as ref (conversation_id, id)
       join messages m on m.conversation_id = ref.conversation_id and m.id = ref.id
       left join send_attempts latest
         on latest.conversation_id = m.conversation_id and latest.message_id = m.id and latest.attempt = m.attempts
       left join lateral (
         select jsonb_agg(jsonb_build_array(a.outcome, a.code)) as past from send_attempts a
         where a.conversation_id = m.conversation_id and a.message_id = m.id and a.attempt < m.attempts
           and a.outcome is not null
       ) tries on true`,
      idsOf(refs),
    );
    return new Map(rows.map((row) => [row.messageId, row]));
  }

  /** To which customers these tries went, each with the second (as Meta counts) in which the last of theirs began. */
  async begun(
    tx: Tx,
    tries: readonly (MessageRef & { attempt: number })[],
  ): Promise<{ contactId: string; at: Date }[]> {
    return query(
      tx,
      `select c.contact_id as "contactId", date_trunc('second', max(a.started_at)) as at
       from unnest($1::uuid[], $2::uuid[], $3::int[]) as try (conversation_id, message_id, attempt)
       join conversations named on named.id = try.conversation_id
       join conversations c on c.id = coalesce(named.merged_into_id, named.id)
       join send_attempts a on a.conversation_id = c.id and a.message_id = try.message_id and a.attempt = try.attempt
       where c.contact_id is not null
       group by c.contact_id`,
      [...idsOf(tries), tries.map(({ attempt }) => attempt)],
    );
  }

  async change(tx: Tx, changes: readonly MessageChange[], now: Date): Promise<void> {
    if (changes.length === 0) return;
    await query(
      tx,
      `update messages m
       set status = change.status, error = change.error, next_attempt_at = change.next_attempt_at, rev = m.rev + 1,
           failed_at = case when change.status = 'failed' then $6 else m.failed_at end,
           unknown_at = case when change.status = 'unknown' then $6 else m.unknown_at end,
           ${unsettledBy('change.status')}
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[])
         as change (conversation_id, id, status, error, next_attempt_at)
       where m.conversation_id = change.conversation_id and m.id = change.id`,
      [
        ...idsOf(changes),
        changes.map((change) => change.status),
        changes.map((change) => (change.error ? JSON.stringify(change.error) : null)),
        changes.map((change) => change.nextAttemptAt),
        now,
      ],
    );
  }

  async endAttempts(tx: Tx, ends: readonly AttemptEnd[], now: Date): Promise<void> {
    await query(
      tx,
      `update send_attempts a
       set finished_at = $8, outcome = done.outcome, http_status = done.http_status, code = done.code,
           detail = done.detail
       from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::int[], $7::text[])
         as done (conversation_id, message_id, attempt, outcome, http_status, code, detail)
       where a.conversation_id = done.conversation_id and a.message_id = done.message_id
         and a.attempt = done.attempt`,
      [
        ...idsOf(ends),
        ends.map((end) => end.attempt),
        ends.map((end) => end.outcome),
        ends.map((end) => end.httpStatus),
        ends.map((end) => end.code),
        ends.map((end) => end.detail),
        now,
      ],
    );
  }

  /** Ends the leases that are still these, each conversation due again for its next head. Returns numbers with work. */
  async free(tx: Tx, leases: readonly { conversationId: string; leaseId: string }[]): Promise<string[]> {
    const rows = await query<{ channelId: string }>(
      tx,
      `with freed as (
         update outbox o
         set lease_id = null, lease_until = null,
             due_at = case when next.head is not null then greatest(app_now(), next.wait_until) end,
             rank = coalesce(next.rank, 0)
         from unnest($1::uuid[], $2::uuid[]) as lease (conversation_id, lease_id)
         left join lateral (
           select min(m.seq) as head, min(case when m.sender_type = 'agent' then 0 else 1 end) as rank,
                  (array_agg(m.next_attempt_at order by m.seq))[1] as wait_until
           from messages m
           where m.conversation_id = lease.conversation_id and m.status in ('queued', 'sending')
             and m.direction = 'outbound'
         ) next on true
         where o.conversation_id = lease.conversation_id and o.lease_id = lease.lease_id
         returning o.channel_id, o.due_at
       )
       select distinct channel_id as "channelId" from freed where due_at <= app_now()`,
      [leases.map((lease) => lease.conversationId), leases.map((lease) => lease.leaseId)],
    );
    return rows.map((row) => row.channelId);
  }
}

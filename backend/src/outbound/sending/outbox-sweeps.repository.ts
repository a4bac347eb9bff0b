import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';
import type { Touched } from './leases.repository.js';

/** A conversation whose lease ran out, with the message that was lost by it; null when it had come to its end already. */
export interface ExpiredLease extends Omit<Touched, 'messageId'> {
  messageId: string | null;
}

/** What the sweep finds in the outbox: leases that nobody will end any more, and work that nobody was woken for. */
@Injectable()
export class OutboxSweepsRepository {
  /**
   * Leases that ran out: whoever held them died or stalled, and nobody can say whether the bytes left. The message is
   * `unknown`, never `queued` again; the next one of its conversation may go.
   */
  async expire(tx: Tx, limit: number): Promise<ExpiredLease[]> {
    return query<ExpiredLease>(
      tx,
      `with dead as (
         select conversation_id from outbox
         where lease_id is not null and lease_until <= app_now()
         order by lease_until limit $1
         for update skip locked
       ), lost as (
         update messages m set status = 'unknown', unknown_at = app_now(), rev = m.rev + 1
         from dead
         where m.conversation_id = dead.conversation_id and m.status = 'sending'
         returning m.conversation_id, m.id, m.attempts
       ), noted as (
         update send_attempts a set finished_at = app_now(), outcome = 'expired'
         from lost
         where a.conversation_id = lost.conversation_id and a.message_id = lost.id and a.attempt = lost.attempts
       ), freed as (
         update outbox o set lease_id = null, lease_until = null, due_at = app_now()
         from dead where o.conversation_id = dead.conversation_id
       )
       select dead.conversation_id as "conversationId", lost.id as "messageId", c.team_id as "teamId",
              c.assignee_id as "assigneeId"
       from dead
       join conversations c on c.id = dead.conversation_id
       left join lost on lost.conversation_id = dead.conversation_id`,
      [limit],
    );
  }

  /**
   * Ends the leases on messages of which a status told meanwhile that Meta took them: whoever holds such a lease may be
   * dead, and the next message need not wait for that to show. Joined by lease, never by the conversation alone: a
   * lease that began during this statement is another one.
   */
  async freeHealed(tx: Tx): Promise<void> {
    await query(
      tx,
      `with healed as materialized (
         select o.conversation_id, o.lease_id from outbox o
         where o.lease_id is not null
           and not exists (
             select from messages m where m.conversation_id = o.conversation_id and m.status = 'sending')
       )
       update outbox o set lease_id = null, lease_until = null, due_at = app_now()
       from healed where o.conversation_id = healed.conversation_id and o.lease_id = healed.lease_id`,
    );
  }

  /**
   * Conversations that wait for a head which no longer does: a status told that Meta took it after all, or a person
   * took the bot's place. Their next message may go now.
   */
  async bringForward(tx: Tx): Promise<void> {
    await query(
      tx,
      `update outbox o set due_at = app_now()
       where o.due_at > app_now() and o.lease_id is null
         and not exists (
           select from messages m
           where m.conversation_id = o.conversation_id and m.status = 'queued' and m.next_attempt_at > app_now())
         and exists (
           select from messages m where m.conversation_id = o.conversation_id and m.status = 'queued')
         and (o.pair_tat is null or o.pair_tat <= app_now())`,
    );
  }

  /** Numbers that may send and have something due. */
  async dueChannels(tx: Tx): Promise<string[]> {
    const rows = await query<{ id: string }>(
      tx,
      `select c.id from channels c
       where c.sending_state = 'ok' and exists (
         select from outbox o where o.channel_id = c.id and o.due_at <= app_now() and o.lease_id is null)`,
    );
    return rows.map((row) => row.id);
  }
}

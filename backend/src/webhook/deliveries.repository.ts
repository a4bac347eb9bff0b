import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';

/** A delivery under a lease of ours. */
export interface LeasedDelivery {
  id: string;
  body: Buffer;
  /** How often it was leased: the fence of everything that is written for it. */
  attempts: number;
  /** How often in a row a process died while it was at work on this one. */
  deaths: number;
  receivedAt: Date;
}

/** An item's line in the ledger. */
export interface ItemRow {
  deliveryId: string;
  ordinal: number;
  kind: string;
  channelId: string | null;
  wamid: string | null;
  outcome: 'pending' | 'applied' | 'duplicate' | 'kept' | 'waiting' | 'unrouted' | 'dead';
  reason: string | null;
  attempts: number;
  waitingFor: string | null;
  conversationId: string | null;
  messageId: string | null;
}

/** How a delivery ends, for now. */
export interface DeliveryEnd {
  id: string;
  state: 'done' | 'retry' | 'dead';
  error: string | null;
  /** Until the next try; of `retry` alone. */
  delayMs: number;
}

/** The lease was lost, or is somebody else's by now: nothing of this try may take effect. */
export class LeaseLostError extends Error {}

const LEASE_SECONDS = 10;
/** Bodies above this together wait for the next batch, so that a few large ones do not make a giant transaction. */
const MAX_BATCH_BYTES = 2 * 1_024 * 1_024;
/** After so many deaths of its process a delivery is tried in a batch of its own. */
const SUSPECT_DEATHS = 2;

/** Leases after which a delivery that the store's trouble stops goes to the end of what is due. */
const TRIES_IN_PLACE = 3;

/** The deliveries as work: leases, fences, outcomes. */
@Injectable()
export class DeliveriesRepository {
  /**
   * Makes this worker the one that drains, for a few seconds; false while another instance does. One at a time keeps
   * every customer's messages in order; at more than 10,000 messages a second there is nothing to gain by two.
   * The transaction's lease must walk the index of what is due: after a flood the planner's figures are old, and it
   * would rather sort the whole backlog for every batch (141 ms instead of 1 ms).
   */
  async holdDrain(tx: Tx, workerId: string): Promise<boolean> {
    const rows = await query(
      tx,
      `update webhook_drain set worker_id = $1, lease_until = app_now() + make_interval(secs => ${LEASE_SECONDS})
       where worker_id = $1 or lease_until is null or lease_until <= app_now()
       returning set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)`,
      [workerId],
    );
    return rows.length > 0;
  }

  async releaseDrain(tx: Tx, workerId: string): Promise<void> {
    await query(tx, 'update webhook_drain set lease_until = null where worker_id = $1', [workerId]);
  }

  /** Leases the oldest due deliveries, in the transaction that holds the drain; counts the try before it begins, so that a deadly body is found out. */
  async lease(tx: Tx, limit: number): Promise<LeasedDelivery[]> {
    const rows = await query<LeasedDelivery>(
      tx,
      `with due as (
         select id, octet_length(body) as size, row_number() over (order by next_at, id) as place,
           case when state = 'processing' then deaths + 1 else 0 end as deaths
         from (select * from webhook_deliveries
               where state in ('new', 'processing', 'retry') and next_at <= app_now()
                 and (state <> 'processing' or lease_until <= app_now())
               order by next_at, id limit $1 for update skip locked) d
       ), batch as (
         select id, deaths from (
           select *, sum(size) over (order by place) as bytes,
             bool_or(deaths >= ${SUSPECT_DEATHS}) over (order by place) as with_suspect
           from due) b
         where place = 1 or (bytes <= ${MAX_BATCH_BYTES} and not with_suspect)
       )
       update webhook_deliveries d
       set state = 'processing', attempts = d.attempts + 1, deaths = batch.deaths,
           lease_until = app_now() + make_interval(secs => ${LEASE_SECONDS})
       from batch where d.id = batch.id
       returning d.id, d.body, d.attempts, d.deaths, d.received_at as "receivedAt", d.next_at as "nextAt"`,
      [limit],
    );
    return rows.sort((left, right) => compare(left, right));
  }

  /**
   * Locks the leased deliveries; taken first in every transaction that writes for them.
   * @throws LeaseLostError
   */
  async fence(tx: Tx, deliveries: readonly LeasedDelivery[]): Promise<void> {
    const rows = await query(
      tx,
      `select 1 from webhook_deliveries d
       where d.state = 'processing' and (d.id, d.attempts) in (select * from unnest($1::uuid[], $2::int[]))
       for update`,
      [deliveries.map(({ id }) => id), deliveries.map(({ attempts }) => attempts)],
    );
    if (rows.length !== deliveries.length) throw new LeaseLostError('another worker has taken over');
  }

  /** Items of earlier tries. */
  async items(tx: Tx, deliveryIds: readonly string[]): Promise<ItemRow[]> {
    if (deliveryIds.length === 0) return [];
    return query<ItemRow>(
      tx,
      `select delivery_id as "deliveryId", ordinal, kind, channel_id as "channelId", wamid, outcome, reason, attempts,
         waiting_for as "waitingFor", conversation_id as "conversationId", message_id as "messageId"
       from webhook_items where delivery_id = any($1::uuid[])`,
      [deliveryIds],
    );
  }

  async saveItems(tx: Tx, items: readonly ItemRow[]): Promise<void> {
    if (items.length === 0) return;
    await query(
      tx,
      `insert into webhook_items (delivery_id, ordinal, kind, channel_id, wamid, outcome, reason, attempts, waiting_for,
         conversation_id, message_id, updated_at)
       select i.*, app_now()
       from unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[],
         $9::text[], $10::uuid[], $11::uuid[])
         as i (delivery_id, ordinal, kind, channel_id, wamid, outcome, reason, attempts, waiting_for, conversation_id,
           message_id)
       on conflict (delivery_id, ordinal) do update set
         kind = excluded.kind, channel_id = excluded.channel_id, wamid = excluded.wamid, outcome = excluded.outcome,
         reason = excluded.reason, attempts = excluded.attempts, waiting_for = excluded.waiting_for,
         conversation_id = excluded.conversation_id, message_id = excluded.message_id, updated_at = excluded.updated_at`,
      [
        items.map((item) => item.deliveryId),
        items.map((item) => item.ordinal),
        items.map((item) => item.kind),
        items.map((item) => item.channelId),
        items.map((item) => item.wamid),
        items.map((item) => item.outcome),
        items.map((item) => item.reason),
        items.map((item) => item.attempts),
        items.map((item) => item.waitingFor),
        items.map((item) => item.conversationId),
        items.map((item) => item.messageId),
      ],
    );
  }

  /** Ends the try; the caller holds the fence. */
  async end(tx: Tx, ends: readonly DeliveryEnd[]): Promise<void> {
    await query(
      tx,
      `update webhook_deliveries d
       set state = e.state, error = e.error, lease_until = null,
           next_at = app_now() + make_interval(secs => e.delay_ms / 1000.0)
       from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) as e (id, state, error, delay_ms)
       where d.id = e.id`,
      [
        ends.map(({ id }) => id),
        ends.map(({ state }) => state),
        ends.map(({ error }) => error),
        ends.map(({ delayMs }) => delayMs),
      ],
    );
  }

  /**
   * Gives leases back: the store was in trouble, not the deliveries. Each keeps its place before what came later, unless
   * it was stopped again and again (a lock that somebody holds): then it lets the others pass.
   */
  async giveBack(tx: Tx, deliveries: readonly LeasedDelivery[]): Promise<void> {
    await query(
      tx,
      `update webhook_deliveries d
       set state = 'retry', lease_until = null,
           next_at = case when d.attempts > ${TRIES_IN_PLACE} then app_now() else d.next_at end
       from unnest($1::uuid[], $2::int[]) as g (id, attempts)
       where d.id = g.id and d.attempts = g.attempts and d.state = 'processing'`,
      [deliveries.map(({ id }) => id), deliveries.map(({ attempts }) => attempts)],
    );
  }
}

function compare(left: LeasedDelivery & { nextAt?: Date }, right: LeasedDelivery & { nextAt?: Date }): number {
  const byTime = (left.nextAt?.getTime() ?? 0) - (right.nextAt?.getTime() ?? 0);
  return byTime !== 0 ? byTime : left.id < right.id ? -1 : 1;
}

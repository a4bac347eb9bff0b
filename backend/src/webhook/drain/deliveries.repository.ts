import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';

/** A delivery under a lease of ours. */
export interface LeasedDelivery {
  id: string;
  body: Buffer;
  /** How often it was tried before. */
  attempts: number;
  /** How often in a row a process died while it was at work on this one. */
  deaths: number;
  /** Something in it failed on its own account, and is tried again. */
  hasFailed: boolean;
  receivedAt: Date;
}

/** The drain, ours for a few seconds: whoever takes it over makes another generation. */
export interface DrainHold {
  workerId: string;
  generation: number;
}

/** What the holder of the drain works on. */
export interface Lease extends DrainHold {
  deliveries: readonly LeasedDelivery[];
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

/** Covers the moments between two transactions: while one is at work it holds the drain's row, and nobody takes over. */
const LEASE_SECONDS = 3;
/** Bodies above this together wait for the next batch, so that a few large ones do not make a giant transaction. */
const MAX_BATCH_BYTES = 2 * 1_024 * 1_024;
/** After so many deaths of its process a delivery is tried in a batch of its own. */
const SUSPECT_DEATHS = 2;

/** So many that failed before go with a batch: each is tried alone, and what is new waits for the batch's end. */
const FAILED_AT_ONCE = 4;
const HAS_FAILED = `(state = 'retry' and error is not null)`;

/** Leases after which a delivery that the store's trouble stops goes to the end of what is due. */
const TRIES_IN_PLACE = 3;

/** The deliveries as work: leases, fences, outcomes. */
@Injectable()
export class DeliveriesRepository {
  /**
   * Makes this worker the one that drains, for a few seconds; null while another instance does. One at a time keeps
   * every customer's messages in order; at more than 10,000 messages a second there is nothing to gain by two.
   * A batch that stands there still was under way when its holder died: each of its deliveries is a suspect.
   * The transaction's lease must walk the index of what is due: after a flood the planner's figures are old, and it
   * would rather sort the whole backlog for every batch (141 ms instead of 1 ms). And its commit need not reach the disk:
   * who is at work does not outlive a crash of the server.
   */
  async holdDrain(tx: Tx, workerId: string): Promise<DrainHold | null> {
    const [held] = await prepared<{ generation: number; unfinished: string[] }>(
      tx,
      `update webhook_drain
       set worker_id = $1, lease_until = app_now() + make_interval(secs => ${LEASE_SECONDS}), generation = generation + 1
       where only_row = (
         select only_row from webhook_drain
         where worker_id = $1 or lease_until is null or lease_until <= app_now()
         for update skip locked)
       returning generation, batch as unfinished, set_config('enable_bitmapscan', 'off', true),
         set_config('enable_seqscan', 'off', true), set_config('synchronous_commit', 'off', true)`,
      [workerId],
    );
    if (!held) return null;
    if (held.unfinished.length > 0) await this.blame(tx, held.unfinished);
    return { workerId, generation: held.generation };
  }

  async releaseDrain(tx: Tx, workerId: string): Promise<void> {
    await prepared(tx, 'update webhook_drain set lease_until = null where worker_id = $1', [workerId]);
  }

  /**
   * Leases the oldest due deliveries, in the transaction that holds the drain; they are noted before anybody is at work
   * on them, so that a deadly body is found out. (In `processing` an earlier version of ours left them.)
   */
  async lease(tx: Tx, hold: DrainHold, limit: number): Promise<Lease> {
    const deliveries = await prepared<LeasedDelivery>(
      tx,
      `with due as (
         select id, octet_length(body) as size, deaths, ${HAS_FAILED} as has_failed, row_number() over (order by next_at, id) as place
         from (select * from webhook_deliveries
               where state in ('new', 'processing', 'retry') and next_at <= app_now()
                 and (state <> 'processing' or lease_until <= app_now())
               order by next_at, id limit $1) d
       ), batch as (
         select id, place from (
           select *, sum(size) over (order by place) as bytes,
             bool_or(deaths >= ${SUSPECT_DEATHS}) over (order by place) as with_suspect,
             count(*) filter (where has_failed) over (order by place) as failed
           from due) b
         where place = 1 or (bytes <= ${MAX_BATCH_BYTES} and not with_suspect
           and (not has_failed or failed <= ${FAILED_AT_ONCE}))
       ), noted as (
         update webhook_drain set batch = coalesce((select array_agg(id) from batch), '{}') where worker_id = $2
       )
       select d.id, d.body, d.attempts, d.deaths, ${HAS_FAILED} as "hasFailed",
         d.received_at as "receivedAt"
       from batch join webhook_deliveries d using (id) order by batch.place`,
      [limit, hold.workerId],
    );
    return { ...hold, deliveries };
  }

  /**
   * Holds the drain's row until the transaction ends; taken first in every transaction that writes for a lease.
   * @throws LeaseLostError
   */
  async fence(tx: Tx, { workerId, generation }: DrainHold): Promise<void> {
    const rows = await prepared(
      tx,
      'select 1 as held from webhook_drain where worker_id = $1 and generation = $2 for update',
      [workerId, generation],
    );
    if (rows.length === 0) throw new LeaseLostError('another worker has taken over');
  }

  /** Items of earlier tries. */
  async items(tx: Tx, deliveryIds: readonly string[]): Promise<ItemRow[]> {
    if (deliveryIds.length === 0) return [];
    return prepared<ItemRow>(
      tx,
      `select delivery_id as "deliveryId", ordinal, kind, channel_id as "channelId", wamid, outcome, reason, attempts,
         waiting_for as "waitingFor", conversation_id as "conversationId", message_id as "messageId"
       from webhook_items where delivery_id = any($1::uuid[])`,
      [deliveryIds],
    );
  }

  async saveItems(tx: Tx, items: readonly ItemRow[]): Promise<void> {
    if (items.length === 0) return;
    await prepared(
      tx,
      `insert into webhook_items (delivery_id, ordinal, kind, channel_id, wamid, outcome, reason, attempts, waiting_for,
         conversation_id, message_id, updated_at)
       select i.*, clock.now
       from (select app_now() as now offset 0) clock, unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[],
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

  /** Ends the try of these of what was leased; the caller holds the fence. The others stay noted as under way. */
  async end(tx: Tx, ends: readonly DeliveryEnd[]): Promise<void> {
    await prepared(
      tx,
      `with noted as (
         update webhook_drain set batch = array(select id from unnest(batch) as left_over (id) where id <> all($1::uuid[]))
       )
       update webhook_deliveries d
       set state = e.state, error = e.error, lease_until = null, attempts = d.attempts + 1,
           deaths = case e.state when 'retry' then 0 else d.deaths end,
           next_at = clock.now + make_interval(secs => e.delay_ms / 1000.0)
       from (select app_now() as now offset 0) clock,
         unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) as e (id, state, error, delay_ms)
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
   * Gives a lease back: the store was in trouble, not the deliveries. Each keeps its place before what came later, unless
   * it was stopped again and again (a lock that somebody holds): then it lets the others pass. Nothing happens when
   * another worker has taken over meanwhile.
   */
  async giveBack(tx: Tx, { workerId, generation, deliveries }: Lease): Promise<void> {
    await prepared(
      tx,
      `with noted as (
         update webhook_drain set batch = '{}' where worker_id = $1 and generation = $2 returning only_row
       )
       update webhook_deliveries d
       set state = 'retry', attempts = d.attempts + 1, deaths = 0, lease_until = null,
           next_at = case when d.attempts >= ${TRIES_IN_PLACE} then app_now() else d.next_at end
       where d.id = any($3::uuid[]) and d.state in ('new', 'processing', 'retry') and exists (select from noted)`,
      [workerId, generation, deliveries.map(({ id }) => id)],
    );
  }

  /** Their holder died, or lost its lease, while it was at work on them. */
  private async blame(tx: Tx, ids: readonly string[]): Promise<void> {
    await prepared(
      tx,
      `update webhook_deliveries set deaths = deaths + 1, attempts = attempts + 1
       where id = any($1::uuid[]) and state in ('new', 'processing', 'retry')`,
      [ids],
    );
  }
}

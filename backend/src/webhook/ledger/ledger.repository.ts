import { Injectable } from '@nestjs/common';
import {
  DELIVERY_COUNT_MAX,
  type DeliveryCounts,
  type DeliveryItem,
  type DeliveryListQuery,
  type DeliveryState,
} from '@parley/contract';
import { query, type Tx } from '../../database/database.js';

/** A delivery as the ledger lists it. */
export interface LedgerRow {
  id: string;
  receivedAt: Date;
  sizeBytes: number;
  state: DeliveryState;
  attempts: number;
  error: string | null;
  items: DeliveryItem[];
}

/** `limit` of items; null = all. */
const columns = (limit: string) => `
  d.id, d.received_at as "receivedAt", octet_length(d.body) as "sizeBytes", d.state,
  d.attempts, d.error,
  coalesce((
    select json_agg(json_build_object('ordinal', i.ordinal, 'kind', i.kind, 'wamid', i.wamid, 'outcome', i.outcome,
      'reason', i.reason, 'conversationId', i.conversation_id, 'messageId', i.message_id) order by i.ordinal)
    from (select * from webhook_items where delivery_id = d.id order by ordinal limit ${limit}) i), '[]') as "items"`;

/** Items of one delivery in a list; the delivery alone shows all. */
const LISTED_ITEMS = 50;

/** What Meta posted and what became of it. */
@Injectable()
export class LedgerRepository {
  /** Newest first: ids are made as bodies come. `after` is the last id of the page before. */
  async list(tx: Tx, filter: DeliveryListQuery, after: string | null): Promise<LedgerRow[]> {
    return query<LedgerRow>(
      tx,
      `select ${columns(String(LISTED_ITEMS))} from webhook_deliveries d
       where ($1::text is null or d.state = $1)
         and ($2::text is null
              or exists (select 1 from webhook_items i where i.delivery_id = d.id and i.outcome = $2))
         and ($3::uuid is null or d.id < $3)
       order by d.id desc
       limit $4`,
      [filter.state ?? null, filter.outcome ?? null, after, filter.limit + 1],
    );
  }

  async find(tx: Tx, id: string): Promise<LedgerRow | null> {
    const [row] = await query<LedgerRow>(tx, `select ${columns('null')} from webhook_deliveries d where d.id = $1`, [
      id,
    ]);
    return row ?? null;
  }

  async body(tx: Tx, id: string): Promise<Buffer | null> {
    const [row] = await query<{ body: Buffer }>(tx, 'select body from webhook_deliveries where id = $1', [id]);
    return row?.body ?? null;
  }

  /**
   * Forgets every outcome of these and puts them back into the queue, unless they are being worked on just now; locked in
   * the order of their ids. The ids of those that are back in it.
   */
  async replay(tx: Tx, ids: readonly string[]): Promise<string[]> {
    const rows = await query<{ id: string }>(
      tx,
      `update webhook_deliveries d
       set state = 'retry', attempts = 0, deaths = 0, error = null, next_at = app_now(), lease_until = null
       from (select id from webhook_deliveries where id = any($1::uuid[])
               and not exists (select from webhook_drain where id = any(batch))
             order by id for update) free
       where d.id = free.id returning d.id`,
      [ids],
    );
    const replayed = rows.map(({ id }) => id);
    if (replayed.length > 0)
      await query(tx, 'delete from webhook_items where delivery_id = any($1::uuid[])', [replayed]);
    return replayed;
  }

  /** What wants somebody's eye; each counted up to a bound, over the partial indexes alone. */
  async counts(tx: Tx): Promise<DeliveryCounts> {
    const upTo = (table: string, condition: string) =>
      `(select count(*)::int from (select 1 from ${table} where ${condition} limit ${DELIVERY_COUNT_MAX}) x)`;
    const [row] = await query<{ retry: number; gaveUp: number; waiting: number; unrouted: number; dead: number }>(
      tx,
      `select ${upTo('webhook_deliveries', `state = 'retry'`)} as retry,
              ${upTo('webhook_deliveries', `state = 'dead'`)} as "gaveUp",
              ${upTo('webhook_items', `outcome = 'waiting'`)} as waiting,
              ${upTo('webhook_items', `outcome = 'unrouted'`)} as unrouted,
              ${upTo('webhook_items', `outcome = 'dead'`)} as dead`,
    );
    const { retry = 0, gaveUp = 0, waiting = 0, unrouted = 0, dead = 0 } = row ?? {};
    return { states: { retry, dead: gaveUp }, outcomes: { waiting, unrouted, dead } };
  }
}

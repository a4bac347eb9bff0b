import { Injectable } from '@nestjs/common';
import type { DeliveryItem, DeliveryListQuery, DeliveryState } from '@parley/contract';
import { query, type Tx } from '../database/database.js';

/** A delivery as the ledger lists it. */
export interface LedgerRow {
  id: string;
  receivedAt: Date;
  /** To the microsecond: the list's cursor. */
  position: string;
  sizeBytes: number;
  state: DeliveryState;
  attempts: number;
  error: string | null;
  items: DeliveryItem[];
}

export interface LedgerPosition {
  at: string;
  id: string;
}

/** `limit` of items; null = all. */
const columns = (limit: string) => `
  d.id, d.received_at as "receivedAt", d.received_at::text as "position", octet_length(d.body) as "sizeBytes", d.state,
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
  /** Newest first. */
  async list(tx: Tx, filter: DeliveryListQuery, after: LedgerPosition | null): Promise<LedgerRow[]> {
    return query<LedgerRow>(
      tx,
      `select ${columns(String(LISTED_ITEMS))} from webhook_deliveries d
       where ($1::text is null or d.state = $1)
         and ($2::text is null
              or exists (select 1 from webhook_items i where i.delivery_id = d.id and i.outcome = $2))
         and ($3::timestamptz is null or (d.received_at, d.id) < ($3, $4::uuid))
       order by d.received_at desc, d.id desc
       limit $5`,
      [filter.state ?? null, filter.outcome ?? null, after?.at ?? null, after?.id ?? null, filter.limit + 1],
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

  /** Forgets every outcome and puts the delivery back into the queue, unless it is being worked on just now. */
  async replay(tx: Tx, id: string): Promise<void> {
    const rows = await query(
      tx,
      `update webhook_deliveries
       set state = 'retry', attempts = 0, deaths = 0, error = null, next_at = app_now(), lease_until = null
       where id = $1 and state <> 'processing' returning 1`,
      [id],
    );
    if (rows.length > 0) await query(tx, 'delete from webhook_items where delivery_id = $1', [id]);
  }
}

import { Injectable } from '@nestjs/common';
import type { ItemOutcome } from '@parley/contract';
import { query, type Tx } from '../../database/database.js';
import { KEPT_FOR } from '../drain/upkeep.repository.js';

export interface PostedItem {
  deliveryId: string;
  receivedAt: Date;
  kind: string;
  outcome: ItemOutcome;
  wamid: string | null;
  body: Buffer;
}

/** A body may have megabytes: so many are read at once for one message, no more. */
const MOST_ITEMS = 12;

/** The stored bodies in which a message stands. */
@Injectable()
export class RawMessageRepository {
  /** Null = there is no such message in this conversation. `isPruned`: older than what is kept of Meta's posts. */
  async message(
    tx: Tx,
    conversationId: string,
    id: string,
  ): Promise<{ wamid: string | null; isPruned: boolean } | null> {
    const [row] = await query<{ wamid: string | null; isPruned: boolean }>(
      tx,
      `select wamid, created_at < app_now() - interval '${KEPT_FOR}' as "isPruned" from messages
       where conversation_id = $1 and id = $2`,
      [conversationId, id],
    );
    return row ?? null;
  }

  /** What was posted about it, newest first. */
  async posted(tx: Tx, messageId: string): Promise<PostedItem[]> {
    return query<PostedItem>(
      tx,
      `select i.delivery_id as "deliveryId", d.received_at as "receivedAt", i.kind, i.outcome, i.wamid, d.body
       from (select * from webhook_items where message_id = $1 order by delivery_id desc, ordinal desc
             limit ${MOST_ITEMS}) i
       join webhook_deliveries d on d.id = i.delivery_id
       order by i.delivery_id desc, i.ordinal desc`,
      [messageId],
    );
  }
}

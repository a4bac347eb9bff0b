import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';

/** Items of deliveries that wait for the message of a wamid, or for somebody to be known by an id. */
@Injectable()
export class WaitingItemsRepository {
  /**
   * Called by whoever writes these keys, in the same transaction. What a status said stands in its head already; the
   * rest is worked through again from its delivery.
   */
  async wake(tx: Tx, keys: readonly { channelId: string; wamid: string }[]): Promise<void> {
    if (keys.length === 0) return;
    await prepared(
      tx,
      `with woken as (
         update webhook_items i
         set outcome = case when i.kind = 'status' then 'applied' else 'pending' end, waiting_for = null, reason = null,
             conversation_id = m.conversation_id, message_id = m.message_id, updated_at = app_now()
         from unnest($1::uuid[], $2::text[]) as k (channel_id, wamid)
         join message_keys m using (channel_id, wamid)
         where i.channel_id = k.channel_id and i.waiting_for = k.wamid and i.outcome = 'waiting'
         returning i.delivery_id, i.outcome
       )
       update webhook_deliveries d set state = 'retry', next_at = app_now()
       where d.id in (select delivery_id from woken where outcome = 'pending') and d.state in ('done', 'dead')`,
      [keys.map((key) => key.channelId), keys.map((key) => key.wamid)],
    );
  }

  /** The same for who makes an id of a person known (`identityText`): on whichever number a change of it was told. */
  async wakeForIds(tx: Tx, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await prepared(
      tx,
      `with woken as (
         update webhook_items i
         set outcome = 'pending', waiting_for = null, reason = null, updated_at = app_now()
         from channels c, unnest($1::text[]) as known (id)
         where i.channel_id = c.id and i.waiting_for = known.id and i.outcome = 'waiting'
         returning i.delivery_id
       )
       update webhook_deliveries d set state = 'retry', next_at = app_now()
       where d.id in (select delivery_id from woken) and d.state in ('done', 'dead')`,
      [ids],
    );
  }
}

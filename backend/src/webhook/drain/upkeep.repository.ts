import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** How long a body that came to its end is kept: Meta repeats for seven days; after eight nobody comes back to one. */
export const KEPT_FOR = '8 days';
/** What died stays longer, for an operator to look at. */
const DEAD_KEPT_FOR = '30 days';
const BATCH = 500;

/** What happens to deliveries by time alone, in small batches. Each returns how many it touched. */
@Injectable()
export class UpkeepRepository {
  /** Items whose wamid, or whose person, never came: nothing more is expected. */
  async keepOverdue(tx: Tx): Promise<number> {
    const rows = await query(
      tx,
      `update webhook_items i set outcome = 'kept', reason = 'what it waited for never came', updated_at = app_now()
       from (select delivery_id, ordinal from webhook_items
             where outcome = 'waiting' and updated_at < app_now() - interval '${KEPT_FOR}' limit ${BATCH}) o
       where i.delivery_id = o.delivery_id and i.ordinal = o.ordinal returning 1`,
    );
    return rows.length;
  }

  /** Keys whose waiting items were not woken: the writer of the key should have, this is the net below. */
  async forgotten(tx: Tx): Promise<{ channelId: string; wamid: string }[]> {
    return query<{ channelId: string; wamid: string }>(
      tx,
      `select distinct i.channel_id as "channelId", i.waiting_for as "wamid"
       from webhook_items i join message_keys k on k.channel_id = i.channel_id and k.wamid = i.waiting_for
       where i.outcome = 'waiting' limit ${BATCH}`,
    );
  }

  /** Ids of people (`identityText`) whose waiting items were not woken: the same net. */
  async forgottenIds(tx: Tx): Promise<string[]> {
    const rows = await query<{ id: string }>(
      tx,
      `select distinct i.waiting_for as id
       from webhook_items i
       cross join lateral (
         select split_part(i.waiting_for, ' ', 1) as kind, split_part(i.waiting_for, ' ', 2) as scope
       ) named
       join contact_identities k on k.kind = named.kind and k.scope = named.scope
         and k.value = substr(i.waiting_for, length(named.kind) + length(named.scope) + 3)
       where i.outcome = 'waiting' limit ${BATCH}`,
    );
    return rows.map(({ id }) => id);
  }

  /** Deliveries of a number that is connected by now. */
  async reroute(tx: Tx, phoneNumberIds: readonly string[]): Promise<number> {
    const rows = await query(
      tx,
      `with known as (
         update webhook_items set outcome = 'pending', reason = null, waiting_for = null, attempts = 0, updated_at = app_now()
         where outcome = 'unrouted' and waiting_for = any($1::text[])
         returning delivery_id
       )
       update webhook_deliveries d set state = 'retry', next_at = app_now()
       where d.id in (select delivery_id from known) and d.state in ('done', 'dead') returning 1`,
      [phoneNumberIds],
    );
    return rows.length;
  }

  async deleteOld(tx: Tx): Promise<number> {
    const rows = await query(
      tx,
      `delete from webhook_deliveries
       where id in (select id from webhook_deliveries
                    where (state = 'done' and received_at < app_now() - interval '${KEPT_FOR}')
                      or (state = 'dead' and received_at < app_now() - interval '${DEAD_KEPT_FOR}')
                    limit ${BATCH})
       returning 1`,
    );
    return rows.length;
  }
}

import { Injectable } from '@nestjs/common';
import type { ChannelProgress } from '@parley/contract';
import { query, type Tx } from '../database/database.js';

type Moments<Shape> = { [Key in keyof Shape]: Shape[Key] };

interface ProgressRow extends Moments<Omit<ChannelProgress, 'reply' | `${string}At`>> {
  firstMessageAt: Date | null;
  lastMessageAt: Date | null;
  firstDeliveredAt: Date | null;
  reply: ChannelProgress['reply'];
}

/** Threads looked at for a reply: the set-up page asks about a number that has just begun. */
const NEWEST_THREADS = 50;
const UNROUTED_NUMBERS = 10;

/** How far each number has come, from what is stored of its threads. */
@Injectable()
export class SetupRepository {
  async progress(tx: Tx): Promise<ChannelProgress[]> {
    const rows = await query<ProgressRow>(
      tx,
      `select ch.id, ch.name, ch.phone_number_id as "phoneNumberId", ch.display_phone_number as "displayPhoneNumber",
              ch.access_token_sealed is not null as "hasToken", ch.app_secret_sealed is not null as "hasAppSecret",
              t."firstMessageAt", t."lastMessageAt", r."firstDeliveredAt", r.reply
       from channels ch
       left join lateral (
         select min(c.created_at) as "firstMessageAt", max(c.last_activity_at) as "lastMessageAt"
         from conversations c where c.channel_id = ch.id and c.inbound_count > 0
       ) t on true
       left join lateral (
         select min(m.delivered_at) as "firstDeliveredAt",
                (array_agg(json_build_object(
                   'status', m.status,
                   'at', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                   'error', case when m.error is null then null else
                     json_build_object('code', m.error -> 'code', 'title', m.error ->> 'title') end)
                 order by m.created_at desc))[1] as reply
         from (select id from conversations where channel_id = ch.id
               order by last_activity_at desc limit ${NEWEST_THREADS}) c
         join messages m on m.conversation_id = c.id and m.direction = 'outbound' and m.sender_type = 'agent'
       ) r on true
       where ch.disconnected_at is null
       order by ch.created_at, ch.id`,
    );
    return rows.map(({ firstMessageAt, lastMessageAt, firstDeliveredAt, ...row }) => ({
      ...row,
      firstMessageAt: firstMessageAt?.toISOString() ?? null,
      lastMessageAt: lastMessageAt?.toISOString() ?? null,
      firstDeliveredAt: firstDeliveredAt?.toISOString() ?? null,
    }));
  }

  async people(tx: Tx): Promise<{ admins: number; agents: number }> {
    const [row] = await query<{ admins: number; agents: number }>(
      tx,
      `select count(*) filter (where role = 'admin')::int as admins, count(*)::int as agents from agents where active`,
    );
    return row ?? { admins: 0, agents: 0 };
  }

  async lastDeliveryAt(tx: Tx): Promise<Date | null> {
    const [row] = await query<{ at: Date }>(
      tx,
      'select received_at as at from webhook_deliveries order by id desc limit 1',
    );
    return row?.at ?? null;
  }

  /** Numbers that Meta posts for and nobody connected, the latest first. */
  async unrouted(tx: Tx): Promise<{ phoneNumberId: string; count: number; lastAt: string }[]> {
    const rows = await query<{ phoneNumberId: string; count: number; lastAt: Date }>(
      tx,
      `select waiting_for as "phoneNumberId", count(*)::int as count, max(updated_at) as "lastAt" from webhook_items
       where outcome = 'unrouted' and waiting_for is not null
       group by waiting_for order by max(updated_at) desc limit ${UNROUTED_NUMBERS}`,
    );
    return rows.map((row) => ({ ...row, lastAt: row.lastAt.toISOString() }));
  }
}

import { Injectable } from '@nestjs/common';
import { Database, query } from '../database/database.js';
import type { LogPlace } from '../log/log-cursor.js';

/** Counting stops here: a gauge that stands at it means "so many or more". */
export const COUNTED_AT_MOST = 10_000;

export interface Amount {
  kind: string;
  count: number;
  oldestSeconds: number | null;
}

export interface NumberRow {
  id: string;
  name: string;
  state: 'ok' | 'stopped' | 'disconnected';
  paceRate: number;
}

export interface ConsumerRow {
  name: string;
  enabled: boolean;
  behind: number;
  oldestSeconds: number | null;
}

/** What is waiting, and since when: each question walks an index and stops after a bounded number of rows. */
@Injectable()
export class BacklogRepository {
  constructor(private readonly database: Database) {}

  deliveries(): Promise<Amount[]> {
    return this.rows<Amount>(
      `select s.kind, count(w.received_at)::int as count, ${ageOf('min(w.received_at)')} as "oldestSeconds"
       from unnest(array['new', 'processing', 'retry', 'dead']) as s (kind)
       left join (
         (select state, received_at from webhook_deliveries where state in ('new', 'processing', 'retry')
          order by next_at, id limit ${COUNTED_AT_MOST})
         union all
         (select state, received_at from webhook_deliveries where state = 'dead' order by received_at
          limit ${COUNTED_AT_MOST})
       ) w on w.state = s.kind
       group by s.kind`,
    );
  }

  items(): Promise<Amount[]> {
    return this.rows<Amount>(
      `select o.kind, i.count, null as "oldestSeconds"
       from unnest(array['pending', 'waiting', 'unrouted', 'dead']) as o (kind)
       cross join lateral (
         select count(*)::int as count from (
           select 1 from webhook_items
           where outcome = o.kind and outcome in ('pending', 'waiting', 'unrouted', 'dead') limit ${COUNTED_AT_MOST}) x
       ) i`,
    );
  }

  /** Messages that wait or are on their way; and, as `overdue`, threads that should have gone by now. */
  outbox(): Promise<Amount[]> {
    return this.rows<Amount>(
      `select s.kind, count(m.at)::int as count, ${ageOf('min(m.at)')} as "oldestSeconds"
       from unnest(array['queued', 'sending', 'overdue']) as s (kind)
       left join (
         (select status, created_at as at from messages where status in ('queued', 'sending') limit ${COUNTED_AT_MOST})
         union all
         (select 'overdue', o.due_at from outbox o join channels c on c.id = o.channel_id and c.sending_state = 'ok'
          where o.due_at is not null and o.lease_id is null and o.due_at <= app_now() limit ${COUNTED_AT_MOST})
       ) m on m.status = s.kind
       group by s.kind`,
    );
  }

  numbers(): Promise<NumberRow[]> {
    return this.rows<NumberRow>(
      `select id, name, case when disconnected_at is null then sending_state else 'disconnected' end as state,
         pace_rate::float8 as "paceRate"
       from channels`,
    );
  }

  /** Threads that are not resolved, by status and whether somebody owns them. */
  conversations(): Promise<{ status: string; owned: boolean; count: number }[]> {
    return this.rows(
      `select status, is_owned as owned, sum(count)::int as count from (
         select status, is_owned, count from conversation_counts
         union all
         select status, is_owned, step from conversation_count_steps) c
       group by status, is_owned`,
    );
  }

  /** The customer who waits longest for an answer: anywhere, and in a thread that nobody owns. */
  waiting(): Promise<Amount[]> {
    const first = 'select waiting_since, status, assignee_id from conversations';
    const open = 'where merged_into_id is null and waiting_since is not null order by waiting_since, id';
    return this.rows<Amount>(
      `select 'anywhere' as kind, count(*)::int as count, ${ageOf('min(waiting_since)')} as "oldestSeconds"
       from (${first} ${open} limit 1) w
       union all
       select 'queue', count(*)::int, ${ageOf('min(waiting_since)')}
       from (${first} ${open} limit ${COUNTED_AT_MOST}) w where status = 'open' and assignee_id is null`,
    );
  }

  consumers(): Promise<ConsumerRow[]> {
    return this.rows<ConsumerRow>(
      `select c.name, c.enabled, l.behind, l.oldest as "oldestSeconds" from log_consumers c
       cross join lateral (
         select count(*)::int as behind, extract(epoch from clock_timestamp() - min(created_at))::float8 as oldest
         from (select created_at from events where (xid, id) > (c.xid, c.id) order by xid, id
               limit ${COUNTED_AT_MOST}) e
       ) l`,
    );
  }

  /** Age of the first event after this place: what a tail that stands there has not told yet. */
  async lagBehind({ xid, id }: LogPlace): Promise<number> {
    const [row] = await this.rows<{ seconds: number }>(
      `select extract(epoch from clock_timestamp() - created_at)::float8 as seconds from events
       where (xid, id) > ($1::xid8, $2::bigint) order by xid, id limit 1`,
      [xid, id],
    );
    return Math.max(0, row?.seconds ?? 0);
  }

  /** Seconds since Meta delivered something; null when nothing is stored. */
  async sinceLastDelivery(): Promise<number | null> {
    const [row] = await this.rows<{ seconds: number }>(
      `select ${ageOf('received_at')} as seconds from webhook_deliveries order by id desc limit 1`,
    );
    return row?.seconds ?? null;
  }

  private rows<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return query<Row>(this.database.pool, text, parameters);
  }
}

const ageOf = (moment: string): string => `greatest(extract(epoch from app_now() - ${moment}), 0)::float8`;

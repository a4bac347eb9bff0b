import { Injectable } from '@nestjs/common';
import type { ContactNames, CostGrouping } from '@parley/contract';
import { onlyBsuidOf } from '../conversations/contact-ids.sql.js';
import { query, type Tx } from '../database/database.js';

/** One line of a report; the sum of all is the one with `isTotal`. */
export interface CostRecord {
  isTotal: boolean;
  key: string | null;
  name: string | null;
  /** Of a conversation: whom it is with. */
  contact: ContactNames | null;
  messages: number;
  billed: number;
  free: number;
  unknown: number;
  freeService: number;
  /** By currency, in millionths of its unit. */
  amounts: { currency: string; micros: string }[] | null;
}

interface Grouping {
  /** What a message (`c`) counts to; never null. */
  key: string;
  join?: string;
  /** Name of a group (`g`). */
  name: string;
  contact?: string;
  nameJoin?: string;
  order?: string;
}

/** Told of a message that took from the allowance; in these very words the index has it. */
const FREE_SERVICE = `c.type like 'free%customer_service' and c.category in ('service', 'group_service')`;

const DEAREST_FIRST = 'g.most desc nulls last, g.messages desc, g.key';

const GROUPINGS: Readonly<Record<CostGrouping, Grouping>> = {
  category: { key: `coalesce(c.category, '')`, name: 'null' },
  template: { key: `coalesce(c.template, '')`, name: `nullif(g.key, '')` },
  campaign: { key: `coalesce(c.campaign, '')`, name: `nullif(g.key, '')` },
  agent: {
    key: `case c.sender_type when 'agent' then c.sender_id::text else c.sender_type end`,
    name: 'a.name',
    nameJoin: 'left join agents a on a.id::text = g.key',
  },
  conversation: {
    // A thread that became part of another one counts there.
    key: 'coalesce(v.merged_into_id, c.conversation_id)::text',
    join: 'left join conversations v on v.id = c.conversation_id',
    name: 'null',
    contact: `case when p.id is not null then json_build_object('name', p.name, 'username', p.username, 'phone', p.phone,
      'bsuid', ${onlyBsuidOf('p')}) end`,
    nameJoin: `left join conversations n on n.id = g.key::uuid left join contacts p on p.id = n.contact_id`,
  },
  number: {
    key: 'c.channel_id::text',
    name: 'h.name',
    nameJoin: 'left join channels h on h.id::text = g.key',
  },
  month: { key: `to_char(c.at at time zone $3, 'YYYY-MM')`, name: 'null', order: 'g.key' },
};

/**
 * Messages are counted by what decides their price (category, as many first digits as the card looks at, and between which
 * of its days they lie) before any rate is looked up: a month of a million messages asks for a few hundred rates.
 */
const reportOf = ({
  key,
  join = '',
  name,
  contact = 'null',
  nameJoin = '',
  order = DEAREST_FIRST,
}: Grouping): string => `
  with card as (
    select prefix, category, currency, amount_micros, dense_rank() over (order by effective_from) as segment from rates
  ), days as (
    select coalesce(array_agg(day order by day), '{}') as starts,
      (select coalesce(max(length(prefix)), 0) from rates) as digits
    from (select distinct effective_from::timestamp at time zone $3 as day from rates) d
  ), counted as (
    select ${key} as key, c.category, left(c.number_prefix, days.digits) as number_prefix,
      width_bucket(c.at, days.starts) as segment,
      case when c.billable is false or c.type like 'free%' then 'free'
           when c.model is distinct from 'CBP' and coalesce(c.type = 'regular', c.billable) then 'billed'
           else 'unknown' end as standing,
      count(*) as n,
      count(*) filter (where ${FREE_SERVICE}) as service
    from message_charges c ${join} cross join days
    where c.at >= ($1 || '-01')::timestamp at time zone $3
      and c.at < (($2 || '-01')::timestamp + interval '1 month') at time zone $3
    group by 1, 2, 3, 4, 5
  ), priced as (
    select asked.*, r.currency, r.amount_micros
    from (select distinct category, number_prefix, segment from counted where standing = 'billed') asked
    cross join lateral (
      select currency, amount_micros from card
      where card.category = asked.category and card.segment <= asked.segment
        and starts_with(asked.number_prefix, card.prefix)
      order by length(card.prefix) desc, card.segment desc limit 1
    ) r
  ), summed as (
    select o.key, p.currency, grouping(o.key) = 1 as is_total, sum(o.n) as n,
      sum(o.n) filter (where o.standing = 'free') as free, sum(o.n) filter (where p.currency is not null) as billed,
      sum(o.service) as service, sum(o.n * p.amount_micros) as micros
    from counted o
    left join priced p on o.standing = 'billed' and p.category = o.category and p.number_prefix = o.number_prefix
      and p.segment = o.segment
    group by grouping sets ((o.key, p.currency), (p.currency))
  ), groups as (
    select is_total, key, sum(n)::int as messages, coalesce(sum(free), 0)::int as free,
      coalesce(sum(billed), 0)::int as billed, sum(service)::int as service, max(micros) as most,
      jsonb_agg(jsonb_build_object('currency', currency, 'micros', micros::text) order by micros desc)
        filter (where currency is not null) as amounts
    from summed group by is_total, key
  )
  select g.is_total as "isTotal", g.key, ${name} as name, ${contact} as contact, g.messages, g.billed, g.free,
    g.messages - g.billed - g.free as unknown, g.service as "freeService", g.amounts
  from groups g ${nameJoin}
  order by g.is_total desc, ${order} limit $4`;

/** What one message would cost now. */
export interface PriceRecord {
  category: string;
  currency: string | null;
  micros: string | null;
}

export interface WindowRecord {
  /** Whether the customer service window is open. */
  isOpen: boolean;
  /** Whether Meta said that everything is free, as the customer came by an advertisement. */
  isFreeEntry: boolean;
  /** Whether an open window makes utility templates free; null = no terms say so. */
  isUtilityFree: boolean | null;
}

/** What the terms leave free of a number's service messages. */
export interface ServiceRecord {
  isKnown: boolean;
  /** A month; null = without limit. */
  allowance: number | null;
  /** Of this month, no further than the allowance. */
  used: number;
}

/** Reads what Meta billed, and what it would bill. */
@Injectable()
export class CostsRepository {
  /**
   * Messages of these months (`2026-11`, both included, in that zone) that reached their customers; the total first. One
   * row more than `limit` tells that there are more.
   */
  async report(
    tx: Tx,
    period: { from: string; to: string; timeZone: string },
    groupBy: CostGrouping,
    limit: number,
  ): Promise<CostRecord[]> {
    const { from, to, timeZone } = period;
    return query<CostRecord>(tx, reportOf(GROUPINGS[groupBy]), [from, to, timeZone, limit + 2]);
  }

  /** The allowance by the terms in force at the end of a month; null = without limit, or no terms. */
  async serviceAllowance(tx: Tx, month: string): Promise<number | null> {
    const [row] = await query<{ allowance: number | null }>(
      tx,
      `select service_allowance as allowance from billing_terms
       where effective_from < ($1 || '-01')::date + interval '1 month' order by effective_from desc limit 1`,
      [month],
    );
    return row?.allowance ?? null;
  }

  /** The rates in force now for the customer of a conversation; null where there is none, or no market is known. */
  async pricesNow(tx: Tx, conversationId: string, categories: readonly string[]): Promise<PriceRecord[]> {
    return query<PriceRecord>(
      tx,
      `with recipient as (
         select coalesce(nullif(regexp_replace(p.phone, '[^0-9]', '', 'g'), ''), (
             select n.prefix from contact_identities i join calling_codes n on n.country = split_part(i.value, '.', 1)
             where i.contact_id = p.id and i.kind = 'bsuid' and i.retired_at is null
             order by i.created_at desc limit 1)) as digits
         from conversations v join contacts p on p.id = v.contact_id where v.id = $1
       )
       select w.category, r.currency, r.amount_micros::text as micros
       from unnest($2::text[]) as w (category)
       left join lateral (
         select rates.currency, rates.amount_micros from rates cross join billing_settings s cross join recipient
         where rates.category = w.category and rates.effective_from <= (app_now() at time zone s.time_zone)::date
           and starts_with(recipient.digits, rates.prefix)
         order by length(rates.prefix) desc, rates.effective_from desc limit 1
       ) r on true`,
      [conversationId, categories],
    );
  }

  /** What makes templates free in this conversation now. */
  async windowNow(tx: Tx, conversationId: string): Promise<WindowRecord> {
    const [row] = await query<WindowRecord>(
      tx,
      `select coalesce(v.window_expires_at > app_now(), false) as "isOpen",
         coalesce(v.free_until > app_now(), false) as "isFreeEntry",
         (select t.utility_free_in_window from billing_terms t
          where t.effective_from <= (app_now() at time zone s.time_zone)::date
          order by t.effective_from desc limit 1) as "isUtilityFree"
       from conversations v cross join billing_settings s where v.id = $1`,
      [conversationId],
    );
    return row ?? { isOpen: false, isFreeEntry: false, isUtilityFree: null };
  }

  /** How many free service messages the number of a conversation has used of this month's, in the bill's time zone. */
  async serviceNow(tx: Tx, conversationId: string): Promise<ServiceRecord> {
    const [row] = await query<ServiceRecord>(
      tx,
      `select t.effective_from is not null as "isKnown", t.service_allowance as allowance,
         (select count(*)::int from (
            select from message_charges c
            where c.channel_id = v.channel_id and ${FREE_SERVICE}
              and c.at >= date_trunc('month', app_now() at time zone s.time_zone) at time zone s.time_zone
            limit coalesce(t.service_allowance, 0)) taken) as used
       from conversations v cross join billing_settings s
       left join lateral (
         select effective_from, service_allowance from billing_terms
         where effective_from <= (app_now() at time zone s.time_zone)::date order by effective_from desc limit 1
       ) t on true
       where v.id = $1`,
      [conversationId],
    );
    return row ?? { isKnown: false, allowance: null, used: 0 };
  }
}

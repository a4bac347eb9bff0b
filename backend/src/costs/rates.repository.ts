import { Injectable } from '@nestjs/common';
import type { Billing, BillingTerms } from '@parley/contract';
import { newId } from '../common/ids.js';
import { query, sqlStateOf, type Tx } from '../database/database.js';

/** A rate as the table has it. */
export interface RateRow {
  id: string;
  effectiveFrom: string;
  prefix: string;
  category: string;
  currency: string;
  micros: string;
  updatedAt: Date;
}

/** What of a rate is written; micros are millionths of the currency's unit. */
export interface RateValues {
  effectiveFrom: string;
  prefix: string;
  category: string;
  currency: string;
  micros: bigint;
}

const COLUMNS = `id, effective_from::text as "effectiveFrom", prefix, category, currency, amount_micros::text as micros,
  updated_at as "updatedAt"`;
const UNIQUE_VIOLATION = '23505';

/** The rate card, and when days and months begin for the bill. */
@Injectable()
export class RatesRepository {
  /** The newest days first; within a day by market and category. */
  async list(tx: Tx): Promise<RateRow[]> {
    return query<RateRow>(
      tx,
      `select ${COLUMNS} from rates order by rates.effective_from desc, prefix collate "C", category, id`,
    );
  }

  /** `exists`: there is one of this market, category and day already. */
  async insert(tx: Tx, agentId: string, values: RateValues): Promise<RateRow | 'exists' | null> {
    return one(
      query<RateRow>(
        tx,
        `insert into rates (id, effective_from, prefix, category, currency, amount_micros, updated_at, updated_by_id)
         values ($1, $2, $3, $4, $5, $6, app_now(), $7) returning ${COLUMNS}`,
        [newId(), ...listOf(values), agentId],
      ),
    );
  }

  /** Null when there is none with this id. */
  async update(
    tx: Tx,
    id: string,
    agentId: string,
    { effectiveFrom, prefix, category, currency, micros }: Partial<RateValues>,
  ): Promise<RateRow | 'exists' | null> {
    return one(
      query<RateRow>(
        tx,
        `update rates
         set effective_from = coalesce($3, effective_from), prefix = coalesce($4, prefix),
             category = coalesce($5, category), currency = coalesce($6, currency),
             amount_micros = coalesce($7, amount_micros), updated_at = app_now(), updated_by_id = $2
         where id = $1 returning ${COLUMNS}`,
        [
          id,
          agentId,
          effectiveFrom ?? null,
          prefix ?? null,
          category ?? null,
          currency ?? null,
          micros?.toString() ?? null,
        ],
      ),
    );
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await query(tx, 'delete from rates where id = $1 returning id', [id])).length > 0;
  }

  /** Adds these, and changes those that are there with another amount or currency; says how many of each. */
  async put(tx: Tx, agentId: string, rates: readonly RateValues[]): Promise<{ added: number; changed: number }> {
    const [counted] = await query<{ added: number; changed: number }>(
      tx,
      `with written as (
         insert into rates as r (id, effective_from, prefix, category, currency, amount_micros, updated_at, updated_by_id)
         select i.*, app_now(), $7
         from unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[], $6::bigint[])
           as i (id, effective_from, prefix, category, currency, amount_micros)
         order by i.effective_from, i.prefix, i.category
         on conflict (effective_from, prefix, category) do update set currency = excluded.currency,
           amount_micros = excluded.amount_micros, updated_at = excluded.updated_at, updated_by_id = excluded.updated_by_id
         where (r.currency, r.amount_micros) is distinct from (excluded.currency, excluded.amount_micros)
         returning id = any($1::uuid[]) as is_new
       )
       select count(*) filter (where is_new)::int as added, count(*) filter (where not is_new)::int as changed
       from written`,
      [
        rates.map(() => newId()),
        rates.map((rate) => rate.effectiveFrom),
        rates.map((rate) => rate.prefix),
        rates.map((rate) => rate.category),
        rates.map((rate) => rate.currency),
        rates.map((rate) => rate.micros.toString()),
        agentId,
      ],
    );
    return counted ?? { added: 0, changed: 0 };
  }

  async billing(tx: Tx): Promise<Billing> {
    const [row] = await query<Billing>(
      tx,
      `select s.time_zone as "timeZone", coalesce((
         select jsonb_agg(jsonb_build_object('effectiveFrom', t.effective_from,
           'serviceAllowance', t.service_allowance, 'utilityFreeInWindow', t.utility_free_in_window)
           order by t.effective_from)
         from billing_terms t), '[]') as terms
       from billing_settings s`,
    );
    if (!row) throw new Error('the billing settings have no row');
    return row;
  }

  /** Whether PostgreSQL knows the zone: it counts the days. */
  async knowsTimeZone(tx: Tx, name: string): Promise<boolean> {
    return (await query(tx, 'select from pg_timezone_names where name = $1', [name])).length > 0;
  }

  /** Replaces the zone and all terms. */
  async putBilling(tx: Tx, timeZone: string, terms: readonly BillingTerms[]): Promise<void> {
    await query(tx, 'update billing_settings set time_zone = $1', [timeZone]);
    await query(tx, 'delete from billing_terms');
    await query(
      tx,
      `insert into billing_terms (effective_from, service_allowance, utility_free_in_window)
       select * from unnest($1::date[], $2::int[], $3::boolean[])`,
      [
        terms.map((one) => one.effectiveFrom),
        terms.map((one) => one.serviceAllowance),
        terms.map((one) => one.utilityFreeInWindow),
      ],
    );
  }
}

const listOf = ({ effectiveFrom, prefix, category, currency, micros }: RateValues) => [
  effectiveFrom,
  prefix,
  category,
  currency,
  micros.toString(),
];

async function one(rows: Promise<RateRow[]>): Promise<RateRow | 'exists' | null> {
  try {
    return (await rows)[0] ?? null;
  } catch (error) {
    if (sqlStateOf(error) === UNIQUE_VIOLATION) return 'exists';
    throw error;
  }
}

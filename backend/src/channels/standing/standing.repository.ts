import { Injectable } from '@nestjs/common';
import { Database, query, type Tx } from '../../database/database.js';
import type { FactPart } from './standing-change.js';

/** Where a fact belongs; `phoneNumberId` '' = the account as a whole. */
export interface FactPlace {
  businessAccountId: string;
  phoneNumberId: string;
}

export interface FactRow extends FactPlace {
  /** `report` is the last check as it was answered, `turn` when it was last some instance's turn to check. */
  part: FactPart | 'report' | 'turn';
  value: { value: string; detail?: string | null; severity?: string | null } | Record<string, unknown>;
  source: 'webhook' | 'check';
  toldAt: Date;
  since: Date;
  until: Date | null;
  dismissedAt: Date | null;
}

export type NewFactRow = Omit<FactRow, 'since' | 'dismissedAt'>;

const COLUMNS = `s.business_account_id as "businessAccountId", s.phone_number_id as "phoneNumberId", s.part, s.value,
  s.source, s.told_at as "toldAt", s.since, s.until, s.dismissed_at as "dismissedAt"`;

/** One telling in full, of the row that is aliased so: what repeats it says nothing new. */
const telling = (row: string): string =>
  `(${row}.value || jsonb_build_object('until', ${row}.until, 'at', extract(epoch from ${row}.told_at)))`;
const IS_ONE_SECOND = `date_trunc('second', excluded.told_at) = date_trunc('second', s.told_at)`;

/** What Meta said of numbers and accounts. */
@Injectable()
export class StandingRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes what is newer than what is known, and says of how many facts that was. Webhooks count in seconds: of one second
   * a webhook counts before a check, and of two webhooks, or of two checks, the later arrival, unless it repeats what was
   * told within that second before. A check that repeats the value keeps what only the webhook told: the reason of a
   * refusal, that somebody has seen it.
   */
  async save(tx: Tx, facts: readonly NewFactRow[]): Promise<number> {
    const rows = await query(
      tx,
      `insert into channel_standing as s (business_account_id, phone_number_id, part, value, source, told_at, since, until)
       select f."businessAccountId", f."phoneNumberId", f.part, f.value, f.source, f."toldAt", f."toldAt", f.until
       from jsonb_to_recordset($1::jsonb) as f ("businessAccountId" text, "phoneNumberId" text, part text, value jsonb,
         source text, "toldAt" timestamptz, until timestamptz)
       order by 1, 2, 3
       on conflict (business_account_id, phone_number_id, part) do update
         set value = case when excluded.source = 'check' and s.value ->> 'value' = excluded.value ->> 'value'
                          then s.value || jsonb_strip_nulls(excluded.value) else excluded.value end,
             source = excluded.source, told_at = excluded.told_at, until = excluded.until,
             told_before = case when ${IS_ONE_SECOND} and excluded.source = 'webhook' and s.source = 'webhook'
                                then s.told_before || jsonb_build_array(${telling('s')}) else '[]' end,
             since = case when excluded.source = 'check' and s.value ->> 'value' = excluded.value ->> 'value'
                          then s.since else excluded.since end,
             dismissed_at = case when excluded.source = 'check' and s.value ->> 'value' = excluded.value ->> 'value'
                                 then s.dismissed_at end
         where case
           when not ${IS_ONE_SECOND} then excluded.told_at > s.told_at
           when excluded.source <> s.source then excluded.source = 'webhook'
           when excluded.source = 'check' then excluded.told_at >= s.told_at
           else ${telling('excluded')} <> ${telling('s')} and not s.told_before @> jsonb_build_array(${telling('excluded')})
         end
       returning part`,
      [JSON.stringify(facts)],
    );
    return rows.length;
  }

  /** Gives each number of the account the messages a second of its level; of a level that is not named nothing is known. */
  async followThroughput(tx: Tx, businessAccountId: string, limits: Readonly<Record<string, number>>): Promise<void> {
    await query(
      tx,
      `update channels c set rate_limit = ($2::jsonb ->> (s.value ->> 'value'))::real
       from channel_standing s
       where c.business_account_id = $1 and s.business_account_id = $1 and s.phone_number_id = c.phone_number_id
         and s.part = 'throughput' and c.rate_limit <> ($2::jsonb ->> (s.value ->> 'value'))::real`,
      [businessAccountId, JSON.stringify(limits)],
    );
  }

  /** All that is known of these accounts and their numbers. */
  async ofAccounts(tx: Tx, businessAccountIds: readonly string[]): Promise<FactRow[]> {
    return query<FactRow>(
      tx,
      `select ${COLUMNS} from channel_standing s where s.business_account_id = any($1) order by s.part`,
      [businessAccountIds],
    );
  }

  /** What is known of one number and its account, in the caller's transaction. */
  async ofChannel(tx: Tx, channelId: string): Promise<FactRow[]> {
    return query<FactRow>(
      tx,
      `select ${COLUMNS}
       from channels c
       join channel_standing s on s.business_account_id = c.business_account_id
         and s.phone_number_id in ('', c.phone_number_id)
       where c.id = $1`,
      [channelId],
    );
  }

  /** One fact, if it is known, under its lock: nothing is told of it meanwhile. */
  async lock(tx: Tx, { businessAccountId, phoneNumberId }: FactPlace, part: string): Promise<FactRow[]> {
    return query<FactRow>(
      tx,
      `select ${COLUMNS} from channel_standing s
       where s.business_account_id = $1 and s.phone_number_id = $2 and s.part = $3 for update`,
      [businessAccountId, phoneNumberId, part],
    );
  }

  async dismiss(tx: Tx, place: FactPlace, part: string): Promise<void> {
    await query(
      tx,
      `update channel_standing set dismissed_at = app_now()
       where business_account_id = $1 and phone_number_id = $2 and part = $3`,
      [place.businessAccountId, place.phoneNumberId, part],
    );
  }

  /**
   * Takes up to so many numbers whose turn for a check it is, each by one instance alone: nobody looked after them for
   * so many hours.
   */
  async takeUnchecked(hours: number, limit: number): Promise<string[]> {
    const rows = await query<{ id: string }>(
      this.database.pool,
      `with due as (
         select c.id, c.business_account_id, c.phone_number_id from channels c
         left join channel_standing s on s.business_account_id = c.business_account_id
           and s.phone_number_id = c.phone_number_id and s.part = 'turn'
         where c.disconnected_at is null and c.access_token_sealed is not null
           and (s.told_at is null or s.told_at < app_now() - make_interval(hours => $1))
         order by s.told_at nulls first, c.id limit $2
       ), taken as (
         insert into channel_standing as s (business_account_id, phone_number_id, part, value, source, told_at, since)
         select business_account_id, phone_number_id, 'turn', '{}', 'check', app_now(), app_now() from due
         on conflict (business_account_id, phone_number_id, part) do update set told_at = excluded.told_at
           where s.told_at < app_now() - make_interval(hours => $1)
         returning business_account_id, phone_number_id
       )
       select due.id from due join taken using (business_account_id, phone_number_id)`,
      [hours, limit],
    );
    return rows.map(({ id }) => id);
  }
}

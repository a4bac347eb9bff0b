import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';

/** A business account whose templates this process reads now. */
export interface SyncLease {
  businessAccountId: string;
  leaseId: string;
  startedAt: Date;
}

export interface SyncRow {
  businessAccountId: string;
  isRunning: boolean;
  found: number;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: string | null;
}

/** When the templates of each account are to be read, and by whom. A lease, for a reading lasts longer than a transaction may. */
@Injectable()
export class TemplateSyncsRepository {
  async list(tx: Tx, channelId: string | null): Promise<SyncRow[]> {
    return query<SyncRow>(
      tx,
      `select s.business_account_id as "businessAccountId", s.found, s.started_at as "startedAt",
              s.finished_at as "finishedAt", s.error,
              s.next_at <= app_now() or s.lease_id is not null as "isRunning"
       from template_syncs s
       where s.business_account_id in (
         select business_account_id from channels
         where case when $1::uuid is null then disconnected_at is null else id = $1 end)
       order by s.business_account_id`,
      [channelId],
    );
  }

  /** Every account of a connected number has a row; a new one is due at once. */
  async enrol(tx: Tx): Promise<void> {
    await query(
      tx,
      `insert into template_syncs (business_account_id, next_at)
       select distinct business_account_id, app_now() from channels
       where disconnected_at is null and access_token_sealed is not null
       on conflict do nothing`,
    );
  }

  /** Makes accounts due now: of one number, of one account, or all. */
  async makeDue(tx: Tx, { channelId, businessAccountId }: { channelId?: string; businessAccountId?: string }) {
    await query(
      tx,
      `update template_syncs set next_at = app_now(), failures = 0
       where business_account_id in (
         select business_account_id from channels
         where disconnected_at is null and ($1::uuid is null or id = $1) and ($2::text is null or business_account_id = $2))`,
      [channelId ?? null, businessAccountId ?? null],
    );
  }

  /** The account is read within this time, whatever becomes of this process: something of it may change at Meta now. */
  async makeDueWithin(tx: Tx, businessAccountId: string, milliseconds: number): Promise<void> {
    await query(
      tx,
      `insert into template_syncs (business_account_id, next_at)
       values ($1, app_now() + $2 * interval '1 millisecond')
       on conflict (business_account_id) do update
         set next_at = least(template_syncs.next_at, excluded.next_at), failures = 0`,
      [businessAccountId, milliseconds],
    );
  }

  /** The account that is due for longest, or whose reading broke off; null when none is, or others are at it. */
  async lease(tx: Tx, leaseId: string, leaseMs: number): Promise<SyncLease | null> {
    const [row] = await query<SyncLease>(
      tx,
      `update template_syncs set lease_id = $1, lease_until = app_now() + $2 * interval '1 millisecond',
              started_at = app_now(), found = 0, next_at = app_now() + interval '1 hour'
       where business_account_id = (
         select business_account_id from template_syncs
         where (next_at <= app_now() or lease_id is not null) and (lease_until is null or lease_until <= app_now())
         order by next_at limit 1 for update skip locked)
       returning business_account_id as "businessAccountId", lease_id as "leaseId", started_at as "startedAt"`,
      [leaseId, leaseMs],
    );
    return row ?? null;
  }

  /** Counts a page and lengthens the lease; false when it is another's by now. */
  async progress(tx: Tx, { businessAccountId, leaseId }: SyncLease, found: number, leaseMs: number): Promise<boolean> {
    const rows = await query(
      tx,
      `update template_syncs set found = found + $3, lease_until = app_now() + $4 * interval '1 millisecond'
       where business_account_id = $1 and lease_id = $2 returning business_account_id`,
      [businessAccountId, leaseId, found, leaseMs],
    );
    return rows.length > 0;
  }

  /** Ends a reading; one that failed comes again sooner, with a growing pause. */
  async finish(tx: Tx, { businessAccountId, leaseId }: SyncLease, error: string | null): Promise<void> {
    await query(
      tx,
      `update template_syncs
       set lease_id = null, lease_until = null, error = $3,
           failures = case when $3::text is null then 0 else failures + 1 end,
           finished_at = case when $3::text is null then app_now() else finished_at end,
           next_at = case when next_at <= app_now() or $3::text is null then next_at
                          else least(next_at, app_now() + least(60, 2 ^ least(failures, 6)) * interval '1 minute') end
       where business_account_id = $1 and lease_id = $2`,
      [businessAccountId, leaseId, error],
    );
  }
}

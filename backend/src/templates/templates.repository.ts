import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';
import type { ListedTemplateRow, TemplateRow } from './template.row.js';

const COLUMNS = `t.business_account_id as "businessAccountId", t.id, t.name, t.language, t.category,
  t.upcoming_category as "upcomingCategory", t.upcoming_category_at as "upcomingCategoryAt", t.status,
  t.status_reason as "statusReason", t.status_detail as "statusDetail", t.quality,
  t.parameter_format as "parameterFormat", t.components, t.status_at as "statusAt", t.quality_at as "qualityAt",
  t.category_at as "categoryAt", t.components_at as "componentsAt", t.told_at_once as "toldAtOnce", t.updated_at as "updatedAt"`;

/** Whose sends tell what the team uses now. */
const SENDS_OF_DAYS = 90;

/** Of several templates of one name the one that can be sent, else the newest. */
const BEST_FIRST = `(t.status = 'approved') desc, (t.status <> 'deleted') desc, t.updated_at desc, t.id`;

@Injectable()
export class TemplatesRepository {
  /** Of this number's account, with its own sends, or of every account that a connected number belongs to, with all. */
  async list(tx: Tx, channelId: string | null): Promise<ListedTemplateRow[]> {
    return query<ListedTemplateRow>(
      tx,
      `select ${COLUMNS}, coalesce(u.sends, 0) as sends
       from message_templates t
       left join (
         select c.business_account_id, s.name, s.language, sum(s.sends)::int as sends
         from channels c join template_sends s on s.channel_id = c.id
         where s.day > (app_now() at time zone 'UTC')::date - ${SENDS_OF_DAYS} and ($1::uuid is null or c.id = $1)
         group by 1, 2, 3
       ) u using (business_account_id, name, language)
       where t.status <> 'deleted' and t.business_account_id in (
         select business_account_id from channels
         where case when $1::uuid is null then disconnected_at is null else id = $1 end)
       order by t.name collate "und-x-icu", t.language, t.id`,
      [channelId],
    );
  }

  /** By Meta's id, of an account that a connected number belongs to. */
  async byId(tx: Tx, id: string): Promise<TemplateRow | null> {
    const [row] = await query<TemplateRow>(
      tx,
      `select ${COLUMNS} from message_templates t
       where t.id = $1 and t.status <> 'deleted' and t.business_account_id in (
         select business_account_id from channels where disconnected_at is null)
       order by t.business_account_id limit 1`,
      [id],
    );
    return row ?? null;
  }

  /** Meta has it no more. */
  async remove(tx: Tx, businessAccountId: string, id: string): Promise<void> {
    await query(tx, 'delete from message_templates where business_account_id = $1 and id = $2', [
      businessAccountId,
      id,
    ]);
  }

  /** What a number may send by that name and language. */
  async find(tx: Tx, channelId: string, name: string, language: string): Promise<TemplateRow | null> {
    const [row] = await query<TemplateRow>(
      tx,
      `select ${COLUMNS} from message_templates t
       join channels c on c.business_account_id = t.business_account_id
       where c.id = $1 and t.name = $2 and t.language = $3
       order by ${BEST_FIRST} limit 1`,
      [channelId, name, language],
    );
    return row ?? null;
  }

  /** Whoever changes templates of an account does so after another: what is read then is still so when it is written. */
  async lockAccount(tx: Tx, businessAccountId: string): Promise<void> {
    await query(tx, `select pg_advisory_xact_lock(hashtextextended('templates ' || $1, 0))`, [businessAccountId]);
  }

  async byIds(tx: Tx, businessAccountId: string, ids: readonly string[]): Promise<Map<string, TemplateRow>> {
    const rows = await query<TemplateRow>(
      tx,
      `select ${COLUMNS} from message_templates t where t.business_account_id = $1 and t.id = any($2)`,
      [businessAccountId, ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  async idByName(tx: Tx, businessAccountId: string, name: string, language: string): Promise<string | null> {
    const [row] = await query<{ id: string }>(
      tx,
      `select t.id from message_templates t
       where t.business_account_id = $1 and t.name = $2 and t.language = $3
       order by ${BEST_FIRST} limit 1`,
      [businessAccountId, name, language],
    );
    return row?.id ?? null;
  }

  /** Writes templates as they are given, new ones and known ones. */
  async save(tx: Tx, rows: readonly TemplateRow[]): Promise<void> {
    if (rows.length === 0) return;
    await query(
      tx,
      `insert into message_templates (business_account_id, id, name, language, category, upcoming_category,
         upcoming_category_at, status, status_reason, status_detail, quality, parameter_format, components, status_at,
         quality_at, category_at, components_at, told_at_once, updated_at)
       select r."businessAccountId", r.id, r.name, r.language, r.category, r."upcomingCategory",
              r."upcomingCategoryAt", r.status, r."statusReason", r."statusDetail", r.quality, r."parameterFormat",
              r.components, r."statusAt", r."qualityAt", r."categoryAt", r."componentsAt", r."toldAtOnce", app_now()
       from jsonb_to_recordset($1::jsonb) as r ("businessAccountId" text, id text, name text, language text,
         category text, "upcomingCategory" text, "upcomingCategoryAt" timestamptz, status text, "statusReason" text,
         "statusDetail" text, quality text, "parameterFormat" text, components jsonb, "statusAt" timestamptz,
         "qualityAt" timestamptz, "categoryAt" timestamptz, "componentsAt" timestamptz, "toldAtOnce" jsonb)
       on conflict (business_account_id, id) do update
         set name = excluded.name, language = excluded.language, category = excluded.category,
             upcoming_category = excluded.upcoming_category, upcoming_category_at = excluded.upcoming_category_at,
             status = excluded.status, status_reason = excluded.status_reason, status_detail = excluded.status_detail,
             quality = excluded.quality, parameter_format = excluded.parameter_format,
             components = excluded.components, status_at = excluded.status_at, quality_at = excluded.quality_at,
             category_at = excluded.category_at, components_at = excluded.components_at,
             told_at_once = excluded.told_at_once,
             updated_at = excluded.updated_at`,
      [JSON.stringify(rows)],
    );
  }

  async noteSeen(tx: Tx, businessAccountId: string, ids: readonly string[]): Promise<void> {
    await query(
      tx,
      'update message_templates set seen_at = app_now() where business_account_id = $1 and id = any($2)',
      [businessAccountId, ids],
    );
  }

  /** A reading that began at `since` did not come upon them, and nothing was told of them after `asOf`: Meta has none. */
  async dropUnseen(tx: Tx, businessAccountId: string, since: Date, asOf: Date): Promise<number> {
    const rows = await query(
      tx,
      `delete from message_templates
       where business_account_id = $1 and (seen_at is null or seen_at < $2)
         and coalesce(greatest(status_at, components_at, category_at, quality_at), '-infinity') <= $3
       returning id`,
      [businessAccountId, since, asOf],
    );
    return rows.length;
  }
}

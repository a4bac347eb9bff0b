import { Injectable } from '@nestjs/common';
import type { BotRule, PutBotRules } from '@parley/contract';
import { query, type Tx } from '../database/database.js';

export type StoredRule = PutBotRules['rules'][number] & { id: string };

/** The ordered rules of a number. */
@Injectable()
export class BotRulesRepository {
  async ofChannel(tx: Tx, channelId: string): Promise<BotRule[]> {
    return query<BotRule>(
      tx,
      `select id, channel_id as "channelId", position, name, enabled, match, keywords, answer, hand_over as "handOver"
       from bot_rules where channel_id = $1 order by position`,
      [channelId],
    );
  }

  /** Keeps two replacements from mixing; false when there is no such number. */
  async lockChannel(tx: Tx, channelId: string): Promise<boolean> {
    const rows = await query(tx, 'select id from channels where id = $1 for no key update', [channelId]);
    return rows.length === 1;
  }

  /** The list as it is given; what is not in it is gone. */
  async replace(tx: Tx, channelId: string, rules: readonly StoredRule[]): Promise<void> {
    await query(tx, 'delete from bot_rules where channel_id = $1 and id <> all($2::uuid[])', [
      channelId,
      rules.map((rule) => rule.id),
    ]);
    await query(
      tx,
      `insert into bot_rules (id, channel_id, position, name, enabled, match, keywords, answer, hand_over)
       select r.id, $1, r.position, r.name, r.enabled, r.match, r.keywords, r.answer, r."handOver"
       from jsonb_to_recordset($2::jsonb) as r (
         id uuid, position integer, name text, enabled boolean, match text, keywords text[], answer jsonb,
         "handOver" boolean)
       on conflict (id) do update
         set position = excluded.position, name = excluded.name, enabled = excluded.enabled, match = excluded.match,
             keywords = excluded.keywords, answer = excluded.answer, hand_over = excluded.hand_over,
             updated_at = app_now()`,
      [channelId, JSON.stringify(rules.map((rule, position) => ({ ...rule, position })))],
    );
  }
}

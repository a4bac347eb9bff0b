import { Injectable } from '@nestjs/common';
import type { Preferences } from '@parley/contract';
import { query, type Tx } from '../database/database.js';

/** What agents have chosen for themselves: one small object each. */
@Injectable()
export class PreferencesRepository {
  async of(tx: Tx, agentId: string): Promise<Preferences> {
    const [row] = await query<{ preferences: Preferences }>(
      tx,
      'select preferences from agent_preferences where agent_id = $1',
      [agentId],
    );
    return row?.preferences ?? {};
  }

  /** Lays `changes` over what is kept; a null takes a choice away. */
  async change(tx: Tx, agentId: string, changes: object): Promise<Preferences> {
    const [row] = await query<{ preferences: Preferences }>(
      tx,
      `insert into agent_preferences as p (agent_id, preferences) values ($1, jsonb_strip_nulls($2::jsonb))
       on conflict (agent_id) do update
         set preferences = jsonb_strip_nulls(p.preferences || $2::jsonb), updated_at = app_now()
       returning preferences`,
      [agentId, JSON.stringify(changes)],
    );
    return row?.preferences ?? {};
  }
}

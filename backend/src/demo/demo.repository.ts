import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';
import type { DemoRows, teamRowsOf } from './demo-rows.js';

/** Writes the demo's day; its database is its own, so nothing here meets real data. */
@Injectable()
export class DemoRepository {
  async hasConversations(tx: Tx): Promise<boolean> {
    return (await query(tx, 'select 1 from conversations limit 1')).length > 0;
  }

  /** Whether a file came in by itself already: the opening happens once. */
  async hasMedia(tx: Tx): Promise<boolean> {
    return (await query(tx, `select 1 from messages where type = 'location' limit 1`)).length > 0;
  }

  async count(tx: Tx): Promise<number> {
    const [row] = await query<{ n: number }>(tx, 'select count(*)::int as n from conversations');
    return row?.n ?? 0;
  }

  /** Threads that wait for somebody: life pauses where a team of four would drown. */
  async countWaiting(tx: Tx): Promise<number> {
    const [row] = await query<{ n: number }>(
      tx,
      `select count(*)::int as n from conversations where status = 'open' and assignee_id is null`,
    );
    return row?.n ?? 0;
  }

  /** Deletes every conversation with all that hangs on it, and its people. Where each stood, so that screens forget it. */
  async deleteConversations(tx: Tx): Promise<{ id: string; teamId: string | null; assigneeId: string | null }[]> {
    const gone = await query<{ id: string; teamId: string | null; assigneeId: string | null }>(
      tx,
      `select id, team_id as "teamId", assignee_id as "assigneeId" from conversations order by id for update`,
    );
    await query(tx, 'update conversations set merged_into_id = null where merged_into_id is not null');
    await query(tx, 'delete from conversations');
    await query(tx, 'delete from message_keys');
    await query(tx, 'delete from message_statuses');
    await query(tx, 'delete from message_charges');
    await query(tx, 'delete from template_sends');
    await query(tx, 'update contacts set merged_into_id = null where merged_into_id is not null');
    await query(tx, 'delete from contacts');
    return gone;
  }

  async insertTeams(tx: Tx, { teams, members }: ReturnType<typeof teamRowsOf>): Promise<void> {
    await insertAll(tx, 'teams', teams);
    await insertAll(tx, 'team_members', members);
  }

  async insertThread(tx: Tx, rows: DemoRows): Promise<void> {
    await insertAll(tx, 'contacts', [rows.contact]);
    await insertAll(tx, 'contact_identities', rows.identities);
    await insertAll(tx, 'conversations', [rows.conversation]);
    await insertAll(tx, 'cases', [rows.case]);
    await insertAll(tx, 'messages', rows.messages);
    await insertAll(tx, 'message_keys', rows.keys);
    await insertAll(tx, 'message_reactions', rows.reactions);
    await insertAll(tx, 'read_cursors', rows.readCursors);
    await insertAll(tx, 'timeline_entries', rows.timeline);
    const tags = rows.conversation.tags.map((name) => ({ name }));
    await insertAll(tx, 'tags', tags, 'on conflict do nothing');
  }
}

/** One statement a table: the rows travel as JSON and take their types from the table itself. */
async function insertAll(tx: Tx, table: string, rows: readonly object[], conflict = ''): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first).join(', ');
  await query(
    tx,
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)
     ${conflict}`,
    [JSON.stringify(rows)],
  );
}

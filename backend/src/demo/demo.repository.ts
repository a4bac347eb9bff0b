import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';
import type { DemoRows } from './demo-rows.js';

/** Writes the demo's day; its database is its own, so nothing here meets real data. */
@Injectable()
export class DemoRepository {
  async hasConversations(tx: Tx): Promise<boolean> {
    return (await query(tx, 'select 1 from conversations limit 1')).length > 0;
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
  }
}

/** One statement a table: the rows travel as JSON and take their types from the table itself. */
async function insertAll(tx: Tx, table: string, rows: readonly object[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first).join(', ');
  await query(
    tx,
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

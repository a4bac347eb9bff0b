import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from './support/database.js';

/**
 * One day the conversations may be spread over several servers by their id (docs/SCALING.md). A key that does not begin
 * with it, or a reference that does not carry it, cannot be checked on one of them. Each exception says why it is one, and
 * what becomes of it on that day.
 */
const KEYS: Record<string, string> = {
  message_keys_pkey:
    'deduplication is by number and wamid, before the conversation is known: distributed by channel_id',
  message_statuses_pkey: 'a status may come before its message: distributed by channel_id, beside message_keys',
  message_charges_pkey:
    'what Meta bills is told by number and wamid: distributed by channel_id, beside message_statuses',
  events_pkey: 'the log has one order for all: it stays on the coordinator',
  note_mentions_pkey: "an agent's own list over all conversations: stays on the coordinator",
  notifications_pkey: 'as note_mentions_pkey',
  notifications_unread: 'as note_mentions_pkey',
  portfolio_openings_pkey:
    "whom a portfolio wrote to first, over all its numbers' conversations: stays on the coordinator",
  webhook_items_pkey: "work on a delivery of Meta's, which may be about many conversations: stays on the coordinator",
};
const REFERENCES: Record<string, string> = {
  portfolio_openings_contact_id_fkey: 'contacts are spread by their own id: given up, as nothing deletes contacts',
  webhook_items_delivery_id_fkey: 'both stay on the coordinator',
};
/** Small tables that every server holds a copy of: what they refer to is always at hand. */
const COPIED = ['agents', 'teams', 'channels'];
/** Of the conversations' own table. */
const OF_CONVERSATIONS: Record<string, string> = {
  conversations_direct: 'one thread for each number and contact: becomes a lookup table, as message_keys is',
  conversations_group: 'as conversations_direct',
  conversations_contact_id_fkey:
    'contacts are spread by their own id: the reference is given up, as nothing deletes contacts',
  conversations_merged_into_id_fkey: 'two threads of one person may lie apart: given up, the merge worker keeps it',
};

interface Found {
  name: string;
}

describe('the keys of what belongs to a conversation', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const names = async (sql: string): Promise<string[]> => {
    const { rows } = await client.query<Found>(sql, [COPIED]);
    return rows.map(({ name }) => name).sort();
  };

  it('begin with its id, or stand in the list of exceptions', async () => {
    const found = await names(
      `select i.indexrelid::regclass::text as name
       from pg_index i
       join pg_attribute owned on owned.attrelid = i.indrelid and owned.attname = 'conversation_id'
       where i.indisunique and i.indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
         and i.indkey[0] <> owned.attnum and $1::text[] is not null`,
    );
    expect(found).toEqual(Object.keys(KEYS).sort());
  });

  it('are referred to with its id, or not at all', async () => {
    const found = await names(
      `select f.conname as name
       from pg_constraint f
       join pg_attribute owned on owned.attrelid = f.conrelid and owned.attname = 'conversation_id'
       where f.contype = 'f' and not owned.attnum = any(f.conkey) and not f.confrelid::regclass::text = any($1::text[])`,
    );
    expect(found).toEqual(Object.keys(REFERENCES).sort());
  });

  it('and the conversations themselves are known by their id alone, but for what is listed', async () => {
    const found = await names(
      `select i.indexrelid::regclass::text as name from pg_index i
       join pg_attribute own on own.attrelid = i.indrelid and own.attname = 'id'
       where i.indrelid = 'conversations'::regclass and i.indisunique and i.indkey[0] <> own.attnum
       union all
       select f.conname from pg_constraint f
       where f.contype = 'f' and f.conrelid = 'conversations'::regclass
         and not f.confrelid::regclass::text = any($1::text[])`,
    );
    expect(found).toEqual(Object.keys(OF_CONVERSATIONS).sort());
  });

  it('would be missed if a table came without', async () => {
    await client.query(
      'create table thread_notes (id uuid primary key, conversation_id uuid references conversations)',
    );
    const { rows } = await client.query<Found>(
      `select i.indexrelid::regclass::text as name from pg_index i
       join pg_attribute owned on owned.attrelid = i.indrelid and owned.attname = 'conversation_id'
       where i.indisunique and i.indkey[0] <> owned.attnum and i.indrelid = 'thread_notes'::regclass`,
    );
    expect(rows).toEqual([{ name: 'thread_notes_pkey' }]);
    await client.query('drop table thread_notes');
  });
});

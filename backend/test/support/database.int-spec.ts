import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.js';

describe('a test file’s database', () => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    first = await createTestDatabase();
    second = await createTestDatabase();
  });

  afterAll(async () => {
    await Promise.all([first.drop(), second.drop()]);
  });

  async function tables(url: string): Promise<string[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );
    await client.end();
    return rows.map(({ name }) => name);
  }

  it('has the schema of this version and is nobody else’s', async () => {
    const client = new pg.Client({ connectionString: first.url });
    await client.connect();
    await client.query('create table only_here ()');
    await client.end();
    expect(await tables(first.url)).toEqual(expect.arrayContaining(['conversations', 'messages', 'only_here']));
    expect(await tables(second.url)).not.toContain('only_here');
  });
});

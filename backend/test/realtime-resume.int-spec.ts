import { Logger } from '@nestjs/common';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../src/common/ids.js';
import { query } from '../src/database/database.js';
import { encodeCursor, decodeCursor, type LogCursor } from '../src/log/log-cursor.js';
import { LogStreamRepository } from '../src/log/log-stream.repository.js';
import { LogTailer } from '../src/log/log-tailer.js';
import { EventPages } from '../src/realtime/events/event-pages.js';
import { LiveClient } from './support/live-client.js';
import { LiveModule } from './support/live-module.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { Threads } from './support/threads.js';
import { waitFor } from './support/wait-for.js';

describe('resuming', () => {
  let test: TestApp;
  let other: TestApp;
  let threads: Threads;
  let ana: TestAgent;
  let team: string;
  const clients: LiveClient[] = [];

  const connect = (options?: ConstructorParameters<typeof LiveClient>[2], instance = test): LiveClient => {
    const client = new LiveClient(instance.url, ana.token, options);
    clients.push(client);
    return client;
  };
  const position = () => threads.position();
  const sql = (text: string, values: unknown[] = []) => query<{ id: string }>(test.database.pool, text, values);

  beforeAll(async () => {
    test = await startTestApp({ module: LiveModule });
    other = await startTestApp({ module: LiveModule, sharing: test });
    threads = new Threads(test);
    ana = await test.given.agent();
    const admin = await test.given.agent({ role: 'admin' });
    const made = await test.call<{ id: string }>(admin, 'POST', '/teams', { name: 'Others' });
    team = made.body.id;
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await other.close();
    await test.close();
  });

  it('reads a page once for all who come back at the same time, and shows each what they may see', async () => {
    const [shown, hidden] = [await threads.create(), await threads.create({ teamId: team })];
    const after = decodeCursor(await position());
    if (!after) throw new Error('no position');
    await threads.say(shown, 'for everybody');
    await threads.say(hidden, 'for the others');
    const pages = test.app.get(EventPages, { strict: false });
    const read = vi.spyOn(test.app.get(LogStreamRepository, { strict: false }), 'page');
    const viewers = [ana, { ...ana, id: newId(), role: 'supervisor' as const }].map((agent) => ({
      ...agent,
      teamIds: [],
    }));
    const answers = await Promise.all(
      viewers.flatMap((viewer) => [1, 2, 3].map(() => pages.read({ viewer, after, limit: 17, isFolded: true }))),
    );
    expect(read.mock.calls.filter(([, limit]) => limit === 17)).toHaveLength(1);
    read.mockRestore();
    const seen = answers.map((page) => (page.reset ? [] : page.events.map(({ payload }) => JSON.stringify(payload))));
    for (const payloads of seen.slice(0, 3)) {
      expect(payloads.join()).toContain('for everybody');
      expect(payloads.join()).not.toContain('for the others');
    }
    for (const payloads of seen.slice(3)) expect(payloads.join()).toContain('for the others');
  });

  it('loses nothing on any instance while lines drop and writers write', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => threads.create()));
    const since = await position();
    const readers = [connect({ cursor: since }), connect({ cursor: since }, other), connect({ cursor: since }, other)];
    await Promise.all(readers.map((reader) => reader.ready()));
    const written: string[] = [];
    const write = async (id: string) => {
      for (let message = 0; message < 40; message += 1) written.push(await threads.say(id, `message ${message}`));
    };
    let isWriting = true;
    const drop = async (reader: LiveClient, every: number) => {
      for (let next = every; isWriting; next += every) {
        await waitFor(() => !isWriting || new Set(reader.ids('message:created')).size >= next);
        if (isWriting) reader.dropLine();
      }
    };
    const dropping = readers.map((reader, index) => drop(reader, 17 + index * 23));
    await Promise.all(ids.map(write));
    isWriting = false;
    await Promise.all(dropping);

    for (const reader of readers) {
      await waitFor(() => new Set(reader.ids('message:created')).size >= written.length, 'all messages');
      expect([...new Set(reader.ids('message:created'))].sort()).toEqual([...written].sort());
      const revs = await query<{ id: string; rev: number }>(
        test.database.pool,
        `select id, rev from conversations where id = any($1::uuid[])`,
        [ids],
      );
      for (const { id, rev } of revs) {
        const newest = () =>
          reader
            .of('conversation:updated')
            .filter(({ payload }) => payload.id === id)
            .at(-1)?.payload.rev;
        await waitFor(() => newest() === rev, 'the newest state of each conversation');
      }
    }
    expect(readers.some((reader) => reader.resumes.length > 1)).toBe(true);
  });

  it('sends nothing twice when the cursor was current', async () => {
    const id = await threads.create();
    const reader = await connect({ cursor: await position() }).ready();
    const written = [await threads.say(id), await threads.say(id)];
    await waitFor(async () => reader.cursor === (await position()), 'the head');
    reader.dropLine();
    await waitFor(() => reader.resumes.length === 2);
    written.push(await threads.say(id));
    await waitFor(() => reader.ids('message:created').length >= 3);
    expect(reader.ids('message:created')).toEqual(written);
  });

  it('chains every head to the one before, the same for every socket of an instance', async () => {
    const id = await threads.create();
    const [first, second] = [await connect().ready(), await connect().ready()];
    for (let message = 0; message < 30; message += 1) await threads.say(id);
    await waitFor(() => first.ids('message:created').length === 30 && second.ids('message:created').length === 30);
    await waitFor(async () => first.cursor === (await position()), 'the head');
    for (const reader of [first, second]) {
      const chain = [reader.resumes[0]?.cursor, ...reader.heads.map((head) => head.cursor)];
      expect(reader.heads.map((head) => head.after)).toEqual(chain.slice(0, -1));
      expect(reader.resumes).toHaveLength(1);
    }
    const known = new Set(first.heads.map(({ after, cursor }) => `${after} ${cursor}`));
    expect(second.heads.filter(({ after, cursor }) => !known.has(`${after} ${cursor}`))).toEqual([]);
  });

  it('takes a cursor that another instance gave out a moment ago', async () => {
    const id = await threads.create();
    for (let round = 0; round < 10; round += 1) {
      await threads.say(id);
      const cursor = await position();
      const reader = await connect({ cursor }, round % 2 === 0 ? other : test).ready();
      expect(reader.resumes).toEqual([{ ok: true, cursor: reader.cursor, reset: false }]);
      expect(reader.events).toEqual([]);
    }
  });

  it('hides on resume what the agent may not see any more, and sends nothing else of it', async () => {
    const id = await threads.create();
    const since = await position();
    await threads.say(id, 'still for all');
    await threads.move(id, { teamId: team });
    await threads.say(id, 'for the team alone');
    const reader = await connect({ cursor: since }).ready();
    await waitFor(async () => reader.cursor === (await position()), 'the head');
    // Told twice where the resume and the tailer both come to it: the second changes nothing.
    const told = new Set(reader.events.map(({ type, payload }) => `${type} ${String(payload.id)}`));
    expect([...told]).toEqual([`conversation:hidden ${id}`]);
    expect(JSON.stringify(reader.events)).not.toContain('for the team alone');
  });

  it('goes on by itself when every connection to the database was lost', async () => {
    const id = await threads.create();
    const reader = await connect({ cursor: await position() }).ready();
    const errors = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const admin = new pg.Client({ connectionString: test.testDatabase.url });
    await admin.connect();
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await admin.end();
    const messageId = await waitFor(() => threads.say(id).catch(() => null), 'the database');
    await waitFor(() => reader.ids('message:created').includes(messageId), 'the message');
    errors.mockRestore();
  });

  describe('starts anew', () => {
    const other16 = '0123456789abcdef';
    const changed = async (change: (cursor: LogCursor) => LogCursor) => {
      const cursor = decodeCursor(await position());
      if (!cursor) throw new Error('not a cursor');
      return encodeCursor(change(cursor));
    };
    const cursors: [string, () => Promise<string>][] = [
      ['in another history', () => changed((cursor) => ({ ...cursor, epoch: other16 }))],
      [
        'beyond what was ever written',
        () => changed((cursor) => ({ ...cursor, xid: String(BigInt(cursor.xid) + 1_000_000n) })),
      ],
      ['that is none', () => Promise.resolve('not a cursor')],
      [
        'below the floor',
        async () => {
          const cursor = await position();
          await threads.say(await threads.create());
          // Only what every tail has passed: a tail below the floor would start anew itself.
          await waitFor(async () => {
            const now = await position();
            const tails = [test, other].map(({ app }) => app.get(LogTailer, { strict: false }).head);
            return now !== cursor && tails.every((tail) => tail && encodeCursor({ ...tail, ...tail.place }) === now);
          });
          await sql(
            `update log_meta set (floor_xid, floor_id) = (select xid, id from events order by xid desc, id desc limit 1)`,
          );
          return cursor;
        },
      ],
    ];
    it.each(cursors)('from a cursor %s, and is live', async (_name, make) => {
      const cursor = await make();
      const reader = await connect({ cursor }).ready();
      expect(reader.resumes).toEqual([{ ok: true, cursor: reader.cursor, reset: true }]);
      expect(await test.call(ana, 'GET', `/events?since=${cursor}`)).toMatchObject({
        body: { reset: true, events: [] },
      });
      const id = await threads.create();
      await waitFor(() => reader.ids('conversation:updated').includes(id));
    });

    it('when the history changes under a live client', async () => {
      const reader = await connect().ready();
      await sql(`update log_meta set marker = gen_random_uuid()`);
      await waitFor(() => reader.resumes.at(-1)?.reset === true, 'the reset');
      const id = await threads.create();
      await waitFor(() => reader.ids('conversation:updated').includes(id));
    });
  });

  it('reads the same over HTTP: in order, each once, page by page', async () => {
    const [id, hidden] = [await threads.create(), await threads.create()];
    const head = await test.call<{ cursor: string; reset: boolean }>(ana, 'GET', '/events');
    expect(head.body).toMatchObject({ events: [], reset: false });
    const written: string[] = [];
    for (let message = 0; message < 25; message += 1) {
      written.push(await threads.say(id));
      if (message === 3) await threads.move(hidden, { teamId: team });
      if (message > 3) await threads.say(hidden, 'not for Ana');
    }
    const events: { type: string; payload: { id: string }; cursor: string }[] = [];
    for (let cursor = head.body.cursor; ;) {
      const page = await test.call<{ events: typeof events; cursor: string }>(
        ana,
        'GET',
        `/events?since=${cursor}&limit=7`,
      );
      expect(page.status).toBe(200);
      if (page.body.cursor === cursor) break;
      expect(page.body.events.length).toBeLessThanOrEqual(7);
      events.push(...page.body.events);
      cursor = page.body.cursor;
    }
    expect(events.filter(({ type }) => type === 'message:created').map(({ payload }) => payload.id)).toEqual(written);
    expect(new Set(events.map(({ cursor }) => cursor)).size).toBe(events.length);
    expect(
      new Set(events.filter(({ type }) => type === 'conversation:hidden').map(({ payload }) => payload.id)),
    ).toEqual(new Set([hidden]));
    expect(JSON.stringify(events)).not.toContain('not for Ana');
  });
});

import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../src/common/ids.js';
import { query } from '../src/database/database.js';
import { comparePlaces, decodeCursor, type LogPlace } from '../src/log/log-cursor.js';
import { LogConsumer } from '../src/log/log-consumer.js';
import { LogEpoch } from '../src/log/log-epoch.js';
import type { LogEvent } from '../src/log/log-event.js';
import { LogHorizonRepository } from '../src/log/log-horizon.repository.js';
import { LogPosition } from '../src/log/log-position.js';
import { LogRepository } from '../src/log/log.repository.js';
import { LogRetention } from '../src/log/log-retention.js';
import { LogTailer } from '../src/log/log-tailer.js';
import { EventHistory } from '../src/realtime/events/event-history.js';
import { LiveModule } from './support/live-module.js';
import { startTestApp, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('the log', () => {
  let test: TestApp;
  let admin: pg.Client;

  beforeAll(async () => {
    test = await startTestApp({ module: LiveModule });
    admin = new pg.Client({ connectionString: test.testDatabase.url });
    await admin.connect();
  });
  beforeEach(() => admin.query(`delete from log_consumers`));
  afterAll(async () => {
    await admin.end();
    await test.close();
  });

  const resolve = <Type>(token: new (...args: never[]) => Type, of = test): Type =>
    of.app.get(token, { strict: false });
  const rows = <Row extends object>(sql: string, values: unknown[] = []) => query<Row>(test.database.pool, sql, values);

  const append = (events: LogEvent[] = [{ type: 'conversation.updated', conversationId: newId() }]) =>
    test.database.transaction((tx) => resolve(LogRepository).append(tx, events));

  describe('under concurrent writers', () => {
    const WRITERS = 16;
    const TRANSACTIONS = 60;

    it('is read without a loss or a double by its order, and with losses by a plain identity', async () => {
      const tailed: string[] = [];
      resolve(LogTailer).listen({
        batch: ({ rows: batch }) => void tailed.push(...batch.map(({ messageId }) => messageId ?? '')),
      });
      const writers = new pg.Pool({ connectionString: test.testDatabase.url, max: WRITERS });
      const written: string[] = [];
      const write = async () => {
        for (let transaction = 0; transaction < TRANSACTIONS; transaction += 1) {
          const client = await writers.connect();
          const ids = Array.from({ length: 3 }, () => newId());
          await client.query('begin');
          await client.query(`insert into events (type, message_id) select 'x', unnest($1::uuid[])`, [ids]);
          await client.query('select pg_sleep(random() * 0.01)');
          await client.query('commit');
          written.push(...ids);
          client.release();
        }
      };
      let isWriting = true;
      const byIdentity: string[] = [];
      const readByIdentity = async () => {
        for (let last = 0; ;) {
          const isLast = !isWriting;
          const page = await admin.query<{ id: number; message_id: string }>(
            `select id, message_id from events where id > $1 and type = 'x' order by id`,
            [last],
          );
          byIdentity.push(...page.rows.map((row) => row.message_id));
          last = page.rows.at(-1)?.id ?? last;
          if (isLast) return;
        }
      };
      const reading = readByIdentity();
      await Promise.all(Array.from({ length: WRITERS }, write));
      isWriting = false;
      await reading;
      await writers.end();

      await waitFor(() => tailed.length >= written.length, 'the tail');
      expect(written).toHaveLength(WRITERS * TRANSACTIONS * 3);
      expect([...tailed].sort()).toEqual([...written].sort());
      const ordered = await rows<{ id: string }>(
        `select message_id as id from events where type = 'x' order by xid, id`,
      );
      expect(tailed).toEqual(ordered.map(({ id }) => id));
      expect(byIdentity.length).toBeLessThan(written.length);
      await admin.query(`delete from events where type = 'x'`);
    });
  });

  /** Leaves no transaction open whatever happens: the horizon of every other test file would wait for it. */
  const whileWriting = async (name: string, statement: string, work: () => Promise<void>) => {
    const writer = new pg.Client({ connectionString: test.testDatabase.url, application_name: name });
    await writer.connect();
    try {
      await writer.query(`begin; ${statement}`);
      await work();
      await writer.query('commit');
    } finally {
      await writer.end();
    }
  };

  it('names a position that everything readable is at or before, and nothing unfinished', async () => {
    const last = async () => {
      const [row] = await rows<LogPlace>(`select xid, id from events order by xid desc, id desc limit 1`);
      if (!row) throw new Error('no event');
      return row;
    };
    const place = async () => {
      const cursor = decodeCursor(await resolve(LogPosition).current());
      if (!cursor) throw new Error('not a cursor');
      return cursor;
    };
    await append();
    await waitFor(async () => comparePlaces(await last(), await place()) === 0, 'the position');
    const before = await place();
    const insert = `insert into events (type, conversation_id) values ('conversation.updated', gen_random_uuid())`;
    await whileWriting('a writer', insert, async () => {
      expect(await place()).toEqual(before);
    });
    expect(comparePlaces(await last(), before)).toBeGreaterThan(0);
    await waitFor(async () => comparePlaces(await last(), await place()) === 0, 'the position');
  });

  it('tells who holds the horizon back', async () => {
    await whileWriting('somebody else', 'select pg_current_xact_id()', async () => {
      const horizon = await waitFor(async () => {
        const current = await resolve(LogHorizonRepository).horizon();
        return current.holder?.includes('somebody else') ? current : null;
      });
      expect(horizon.ageMs).toBeGreaterThan(0);
    });
  });

  describe('consumers', () => {
    it('start at the head and handle each event once, on however many instances', async () => {
      await append();
      const other = await startTestApp({ sharing: test, module: LiveModule });
      const name = `once-${newId()}`;
      const before = newId();
      await append([{ type: 'message.created', conversationId: before, messageId: newId() }]);
      await admin.query(`create table if not exists handled (consumer text, conversation_id uuid)`);
      for (const instance of [test, other]) {
        resolve(LogConsumer, instance).follow(name, async (tx, events) => {
          await query(tx, `insert into handled select $1, unnest($2::uuid[])`, [
            name,
            events.map((event) => event.conversationId),
          ]);
        });
      }
      await waitFor(async () => (await rows(`select 1 from log_consumers where name = $1`, [name])).length > 0);
      const ids = Array.from({ length: 60 }, () => newId());
      await Promise.all(ids.map((id) => append([{ type: 'conversation.updated', conversationId: id }])));
      const handled = () =>
        rows<{ id: string }>(`select conversation_id as id from handled where consumer = $1`, [name]);
      await waitFor(async () => (await handled()).length >= ids.length, 'the consumers');
      expect(
        (await handled())
          .map(({ id }) => id)
          .filter((id) => id !== before)
          .sort(),
      ).toEqual([...ids].sort());
      await other.close();
    });

    it('lose nothing and repeat nothing when the handler fails after it wrote', async () => {
      const name = `failing-${newId()}`;
      await admin.query(`create table if not exists handled (consumer text, conversation_id uuid)`);
      let failures = 0;
      resolve(LogConsumer).follow(name, async (tx, events) => {
        for (const { conversationId } of events) {
          await query(tx, `insert into handled values ($1, $2)`, [name, conversationId]);
        }
        failures += 1;
        if (failures <= 2) throw new Error('the test fails the handler on purpose');
      });
      await waitFor(async () => (await rows(`select 1 from log_consumers where name = $1`, [name])).length > 0);
      const id = newId();
      await append([{ type: 'conversation.updated', conversationId: id }]);
      const handled = () =>
        rows<{ id: string }>(`select conversation_id as id from handled where consumer = $1`, [name]);
      await waitFor(async () => (await handled()).length > 0, 'the handler');
      expect(failures).toBe(3);
      expect(await handled()).toEqual([{ id }]);
    });
  });

  describe('retention', () => {
    const shift = (days: number) => admin.query(`update app_clock set shift = make_interval(days => $1)`, [days]);
    const count = async () => (await rows<{ count: number }>(`select count(*) from events`))[0]?.count;

    it('deletes a prefix, records the floor, waits for a slow consumer and disables a dead one', async () => {
      await append();
      const [first] = await rows<{ xid: string; id: number }>(`select xid, id from events order by xid, id limit 1`);
      await append();
      expect(await resolve(LogRetention).prune()).toBe(0);
      await admin.query(
        `insert into log_consumers (name, xid, id, updated_at) values ('slow', $1, $2, now() + interval '8 days')`,
        [first?.xid, first?.id],
      );
      await shift(8);
      const all = await count();
      await waitFor(async () => (await resolve(LogRetention).prune()) === 1, 'the first to go');
      expect(await count()).toBe((all ?? 0) - 1);
      expect(await rows(`select floor_xid, floor_id from log_meta`)).toEqual([
        { floor_xid: first?.xid, floor_id: first?.id },
      ]);

      await admin.query(`update log_consumers set updated_at = now() where name = 'slow'`);
      await waitFor(async () => {
        await resolve(LogRetention).prune();
        return (await count()) === 0;
      }, 'the empty log');
      expect(
        await rows(`select enabled, disabled_reason is not null as "why" from log_consumers where name = 'slow'`),
      ).toEqual([{ enabled: false, why: true }]);
      await shift(0);
      // An empty log still has a position, and goes on from it.
      const position = await resolve(LogPosition).current();
      expect(decodeCursor(position)).not.toBeNull();
      const viewer = { id: newId(), role: 'admin' as const, teamIds: [] };
      expect(await resolve(EventHistory).list(viewer, { since: position, limit: 10 })).toEqual({
        events: [],
        cursor: position,
        reset: false,
      });
    });
  });

  it('is stamped anew in its old order when it comes from another server', async () => {
    await admin.query(`delete from events`);
    const ids = Array.from({ length: 5 }, () => newId());
    for (const id of ids) await append([{ type: 'conversation.updated', conversationId: id }]);
    const old = await resolve(LogPosition).current();
    // As a restore leaves it: transaction ids of another server, far ahead of this one's, and a new marker.
    await admin.query(`
      update events set xid = (xid::text::bigint + 1000000000)::text::xid8;
      insert into log_consumers (name, xid, id) select 'middle', xid, id from events order by xid, id offset 2 limit 1;
      update log_meta set marker = gen_random_uuid()`);
    await resolve(LogEpoch).settle();
    const stamped = await rows<{ id: string }>(`select conversation_id as id from events order by xid, id`);
    expect(stamped.map(({ id }) => id)).toEqual(ids);
    const left = await rows(
      `select 1 from events e, log_consumers c where c.name = 'middle' and (e.xid, e.id) > (c.xid, c.id)`,
    );
    expect(left).toHaveLength(2);
    const [now, before] = [decodeCursor(await resolve(LogPosition).current()), decodeCursor(old)];
    expect(now?.epoch).not.toBe(before?.epoch);
    // The tail goes on in the new history.
    const seen: (string | null)[] = [];
    resolve(LogTailer).listen({
      batch: ({ rows: batch }) => void seen.push(...batch.map((row) => row.conversationId)),
    });
    const next = newId();
    await waitFor(() => resolve(LogTailer).head?.epoch === now?.epoch, 'the tailer');
    await append([{ type: 'conversation.updated', conversationId: next }]);
    await waitFor(() => seen.includes(next), 'the tail', 30_000).catch(async (error: unknown) => {
      // Whatever writes on this server holds the horizon back, also the tests beside this one.
      const stand = {
        horizon: await resolve(LogHorizonRepository).horizon(),
        tail: resolve(LogTailer).head,
        log: await rows('select xid::text as xid, id from events order by xid, id'),
        seen,
      };
      throw new Error(`the tail did not come: ${JSON.stringify(stand)}`, { cause: error });
    });
  }, 60_000);
});

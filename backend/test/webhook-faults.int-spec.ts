import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId } from '../src/common/ids.js';
import { InboundService } from '../src/conversations/inbound/inbound.service.js';
import { prepared, type Tx } from '../src/database/database.js';
import { DeliveriesRepository } from '../src/webhook/drain/deliveries.repository.js';
import { DeliveryUpkeep } from '../src/webhook/drain/upkeep.js';
import { DeliveryWaker } from '../src/webhook/delivery-waker.js';
import { startTestApp, type TestApp } from './support/test-app.js';
import {
  BASE_SECONDS,
  channelIdOf,
  drained,
  envelope,
  givenTenants,
  post,
  rows,
  text,
  waitFor,
  wipe,
} from './support/webhook-rig.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
  await rows(app, 'create table faults (word text primary key, sqlstate text not null)');
  await rows(
    app,
    `create function fail_on_word() returns trigger language plpgsql as $$
     declare fault text := (select sqlstate from faults where word = new.body);
     begin
       if fault is not null then raise exception 'made to fail' using errcode = fault; end if;
       return new;
     end $$`,
  );
  await rows(app, 'create trigger faulty before insert on messages for each row execute function fail_on_word()');
});
afterAll(() => app.close());
beforeEach(async () => {
  await wipe(app);
  await rows(app, 'truncate faults');
  await rows(app, `update app_clock set shift = interval '0'`);
});

const outcomes = () =>
  rows<{ wamid: string; outcome: string; attempts: number }>(
    app,
    'select wamid, outcome, attempts from webhook_items order by wamid',
  );
const bodies = async () =>
  (await rows<{ body: string }>(app, 'select body from messages order by body')).map(({ body }) => body);
const wake = () => app.app.get(DeliveryWaker).wakeHere();
const later = (interval: string) => rows(app, 'update app_clock set shift = shift + $1::interval', [interval]);

describe('a bad item', () => {
  it('stands alone: its neighbours, in its body and in others, are applied at once; after five tries it is dead', async () => {
    await rows(app, `insert into faults values ('poison', '22P02')`);
    const mixed = ['a', 'poison', 'b'].map((word, index) =>
      text(`wamid.${index}`, word, { from: `1206555010${index}` }),
    );
    await Promise.all([
      post(app, envelope({ messages: mixed })),
      ...[5, 6, 7].map((n) => post(app, envelope({ messages: [text(`wamid.${n}`, `c${n}`)] }))),
    ]);
    await drained(app);
    expect(await bodies()).toEqual(['a', 'b', 'c5', 'c6', 'c7']);
    for (let tries = 1; tries < 5; tries += 1) {
      await waitFor(async () => (await outcomes()).find(({ wamid }) => wamid === 'wamid.1')?.attempts === tries);
      await drained(app);
      await later('10 minutes');
      wake();
    }
    await waitFor(async () => (await outcomes()).find(({ wamid }) => wamid === 'wamid.1')?.outcome === 'dead');
    expect(
      await rows(
        app,
        `select state, error like '%made to fail%' as told from webhook_deliveries where state <> 'done'`,
      ),
    ).toEqual([{ state: 'dead', told: true }]);
    expect(await bodies()).toEqual(['a', 'b', 'c5', 'c6', 'c7']);

    await rows(app, 'truncate faults');
    const admin = await app.given.agent({ role: 'admin' });
    const [dead] = await rows<{ id: string }>(app, `select id from webhook_deliveries where state = 'dead'`);
    await app.call(admin, 'POST', `/webhook-deliveries/${dead?.id ?? ''}/replay`);
    await waitFor(async () => (await bodies()).includes('poison'));
    expect(await bodies()).toEqual(['a', 'b', 'c5', 'c6', 'c7', 'poison']);
  });

  it('among many is named by the store: the others are applied together, in their order', async () => {
    await rows(app, `insert into faults values ('poison', '22P02')`);
    const applied = vi.spyOn(app.app.get(InboundService, { strict: false }), 'applyBatch');
    const words = Array.from({ length: 60 }, (_, n) =>
      n % 20 === 7 ? 'poison' : `said ${String(n).padStart(2, '0')}`,
    );
    await post(app, envelope({ messages: words.map((word, n) => text(`wamid.${n}`, word)) }));
    await drained(app);
    // All, all again for the names, each of the three alone, the others: parts of parts would be some forty.
    expect(applied.mock.calls.slice(0, 6).map(([, items]) => items.length)).toEqual([60, 60, 1, 1, 1, 57]);
    applied.mockRestore();
    expect(await rows(app, 'select body from messages order by seq')).toEqual(
      words.filter((word) => word !== 'poison').map((body) => ({ body })),
    );
    expect((await outcomes()).filter(({ attempts }) => attempts > 0).map(({ wamid }) => wamid)).toEqual([
      'wamid.27',
      'wamid.47',
      'wamid.7',
    ]);
  });

  it('is found part by part where the store cannot name it, and what goes through by itself is not blamed', async () => {
    // Refused beside another only: by itself it goes through, so what the store says of it is no proof.
    await rows(
      app,
      `create function fail_beside() returns trigger language plpgsql as $$ begin
         if exists (select from added where body = 'shy') and (select count(*) from added) > 1 then
           raise exception 'made to fail' using errcode = '22P02';
         end if;
         return null;
       end $$`,
    );
    await rows(
      app,
      `create trigger beside after insert on messages referencing new table as added
       for each statement execute function fail_beside()`,
    );
    const words = Array.from({ length: 20 }, (_, n) => (n === 11 ? 'shy' : `said ${String(n).padStart(2, '0')}`));
    await post(app, envelope({ messages: words.map((word, n) => text(`wamid.${n}`, word)) }));
    await drained(app);
    await rows(app, 'drop trigger beside on messages');
    expect(await rows(app, 'select body from messages order by seq')).toEqual(words.map((body) => ({ body })));
    expect((await outcomes()).filter(({ attempts }) => attempts > 0)).toEqual([]);
  });

  it('leaves nothing behind when the store is asked for it', async () => {
    const insert = (tx: Tx) =>
      prepared(tx, 'insert into faults select * from unnest($1::text[], $2::text[])', [
        ['a', 'b', 'c', 'd', 'e'],
        ['22P02', null, '22P02', null, null],
      ]);
    expect(await app.database.refusedRows(insert)).toEqual([
      ['b', null],
      ['d', null],
      ['e', null],
    ]);
    const uneven = (tx: Tx) =>
      prepared(tx, 'insert into faults select $1, word from unnest($2::text[]) word', [['x'], [null, null]]);
    expect(await app.database.refusedRows(uneven)).toEqual([]);
    expect(await rows(app, 'select from faults')).toEqual([]);
  });

  it('and many of them wait for what is new, a few at a time, and stay noted while they are tried', async () => {
    const { database } = app;
    const deliveries = app.app.get(DeliveriesRepository, { strict: false });
    const wrote = (word: string) => envelope({ messages: [text(`wamid.${word}`, word)] });
    // The worker of the app is kept away: the leases here are the test's.
    await rows(app, `update webhook_drain set worker_id = $1, lease_until = app_now() + interval '1 hour'`, [newId()]);
    for (let n = 0; n < 12; n += 1) await post(app, wrote(`bad${String(n).padStart(2, '0')}`));
    await rows(app, `update webhook_deliveries set state = 'retry', error = 'made to fail', attempts = 1`);
    for (const word of ['new1', 'new2']) await post(app, wrote(word));
    await rows(app, 'update webhook_drain set lease_until = app_now()');
    const lease = await database.transaction(async (tx) => {
      const hold = await deliveries.holdDrain(tx, newId());
      return deliveries.lease(tx, hold!, 500);
    });
    expect(lease.deliveries.map(({ hasFailed }) => hasFailed)).toEqual([...Array<boolean>(4).fill(true), false, false]);
    const [fresh = [], failed = []] = [false, true].map((has) =>
      lease.deliveries.filter((one) => one.hasFailed === has),
    );
    await database.transaction((tx) =>
      deliveries.end(
        tx,
        fresh.map(({ id }) => ({ id, state: 'done', error: null, delayMs: 0 })),
      ),
    );
    expect(await rows(app, 'select batch from webhook_drain')).toEqual([{ batch: failed.map(({ id }) => id) }]);
    await deliveries.giveBack(database.pool, lease);
    expect(await rows(app, `select count(*)::int as done from webhook_deliveries where state = 'done'`)).toEqual([
      { done: 2 },
    ]);
    await deliveries.releaseDrain(database.pool, lease.workerId);
    await later('10 minutes');
    wake();
    await drained(app);
    expect(await bodies()).toHaveLength(12);
  });
});

describe('trouble of the store', () => {
  it.each(['53100', '40001', '57014', '55P03'])('(%s) repeats the batch and makes nothing dead', async (sqlstate) => {
    await rows(app, 'insert into faults values ($1, $2)', ['waits', sqlstate]);
    await post(app, envelope({ messages: [text('wamid.1', 'waits')] }));
    for (let round = 0; round < 7; round += 1) {
      await waitFor(
        async () => (await rows(app, `select 1 from webhook_deliveries where state = 'retry'`)).length === 1,
      );
      await later('1 minute');
      wake();
    }
    await rows(app, 'truncate faults');
    await later('1 minute');
    wake();
    await waitFor(async () => (await bodies()).length === 1);
    await drained(app);
    expect(await outcomes()).toEqual([{ wamid: 'wamid.1', outcome: 'applied', attempts: 0 }]);
  });
});

describe('a worker that died', () => {
  it('leaves its batch to the next, once the lease has run out, and nothing is doubled', async () => {
    await post(app, envelope({ messages: [text('wamid.1', 'one'), text('wamid.2', 'two')] }));
    await drained(app);
    // As if the process had been killed after the commit of one item and before the end of the delivery.
    await rows(app, `update webhook_items set outcome = 'pending' where wamid = 'wamid.2'`);
    await rows(
      app,
      `with left_behind as (update webhook_deliveries set state = 'new' returning id)
       update webhook_drain
       set worker_id = gen_random_uuid(), generation = generation + 1, lease_until = app_now() + interval '5 seconds',
         batch = (select array_agg(id) from left_behind)`,
    );
    wake();
    expect(await rows(app, `select state from webhook_deliveries`)).toEqual([{ state: 'new' }]);
    await later('6 seconds');
    wake();
    await drained(app);
    expect(await bodies()).toEqual(['one', 'two']);
    expect(await outcomes()).toEqual([
      { wamid: 'wamid.1', outcome: 'applied', attempts: 0 },
      { wamid: 'wamid.2', outcome: 'duplicate', attempts: 0 },
    ]);
  });

  it('five times in a row is the delivery’s own fault', async () => {
    await post(app, envelope({ messages: [text('wamid.1', 'deadly')] }));
    await drained(app);
    await rows(app, `delete from webhook_items`);
    await rows(
      app,
      `with left_behind as (update webhook_deliveries set state = 'new', deaths = 4 returning id)
       update webhook_drain
       set worker_id = gen_random_uuid(), generation = generation + 1, lease_until = app_now() - interval '1 second',
         batch = (select array_agg(id) from left_behind)`,
    );
    wake();
    await waitFor(async () => (await rows(app, `select 1 from webhook_deliveries where state = 'dead'`)).length === 1);
    const [row] = await rows<{ error: string }>(app, 'select error from webhook_deliveries');
    expect(row?.error).toMatch(/^the process died 5 times/);
  });
});

describe('eight clients with shuffled, re-batched, repeated deliveries', () => {
  it('leave each message once, numbered without a gap', async () => {
    const senders = Array.from({ length: 25 }, (_, index) => `120655501${String(index).padStart(2, '0')}`);
    const messages = Array.from({ length: 500 }, (_, index) =>
      text(`wamid.${index}`, `text ${index}`, {
        from: senders[index % senders.length] ?? '',
        at: BASE_SECONDS + index,
      }),
    );
    const shuffled = () => {
      const copy = [...messages];
      for (let index = copy.length - 1; index > 0; index -= 1) {
        const other = randomInt(index + 1);
        [copy[index], copy[other]] = [copy[other] as (typeof copy)[number], copy[index] as (typeof copy)[number]];
      }
      return copy;
    };
    // Two clients may happen to post the same bytes, which are one delivery.
    const messagesOf = new Map<string, number>();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const mine = shuffled();
        while (mine.length > 0) {
          const batch = mine.splice(0, 1 + randomInt(30));
          const body = envelope({ messages: batch });
          messagesOf.set(body, batch.length);
          expect(await post(app, body)).toBe(200);
        }
      }),
    );
    await drained(app, 30_000);
    const [total] = await rows<{ messages: number; keys: number; conversations: number; events: number }>(
      app,
      `select (select count(*) from messages) as messages, (select count(*) from message_keys) as keys,
         (select count(*) from conversations) as conversations,
         (select count(*) from events where type = 'message.created') as events`,
    );
    expect(total).toEqual({ messages: 500, keys: 500, conversations: 25, events: 500 });
    const gaps = await rows(
      app,
      `select c.id from conversations c join messages m on m.conversation_id = c.id
       group by c.id having count(*) <> max(m.seq) or min(m.seq) <> 1 or max(m.inbound_number) <> count(*)
         or c.last_seq <> max(m.seq) or c.inbound_count <> count(*)`,
    );
    expect(gaps).toEqual([]);
    const tally = await rows(app, `select outcome, count(*) from webhook_items group by outcome order by outcome`);
    expect(tally).toEqual([
      { outcome: 'applied', count: 500 },
      { outcome: 'duplicate', count: [...messagesOf.values()].reduce((sum, count) => sum + count) - 500 },
    ]);
  });

  it('and two instances keep each customer’s order of arrival', async () => {
    const second = await startTestApp({ sharing: app });
    try {
      for (let index = 0; index < 60; index += 1) {
        const instance = index % 2 === 0 ? app : second;
        expect(await post(instance, envelope({ messages: [text(`wamid.${index}`, `text ${index}`)] }))).toBe(200);
      }
      await drained(app);
      const inOrder = await rows<{ wamid: string }>(app, 'select wamid from messages order by seq');
      expect(inOrder.map(({ wamid }) => wamid)).toEqual(Array.from({ length: 60 }, (_, index) => `wamid.${index}`));
    } finally {
      await second.close();
    }
  });
});

describe('time alone', () => {
  it('gives up waiting after eight days and then deletes what is done', async () => {
    await post(app, envelope({ statuses: [{ id: 'wamid.never', status: 'read', timestamp: String(BASE_SECONDS) }] }));
    await drained(app);
    expect((await outcomes()).map(({ outcome }) => outcome)).toEqual(['waiting']);
    await later('7 days');
    await app.app.get(DeliveryUpkeep).run();
    expect((await outcomes()).map(({ outcome }) => outcome)).toEqual(['waiting']);
    await later('25 hours');
    await app.app.get(DeliveryUpkeep).run();
    expect(await rows(app, 'select 1 from webhook_deliveries')).toEqual([]);
  });

  it('finds what waits for a key that is there, and what came in on a number that is connected now', async () => {
    await post(app, envelope({ messages: [text('wamid.1', 'unrouted')] }, { phoneNumberId: '888000111222333' }));
    await post(app, envelope({ messages: [text('wamid.2', 'known')] }));
    await drained(app);
    await rows(
      app,
      `update webhook_items set outcome = 'waiting', waiting_for = wamid, kind = 'status' where wamid = 'wamid.2'`,
    );
    await app.given.channel({ phoneNumberId: '888000111222333' });
    await app.app.get(DeliveryUpkeep).run();
    await waitFor(async () => (await bodies()).length === 2);
    await drained(app);
    expect((await outcomes()).map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
  });
});

describe('a status', () => {
  const status = (id: string, value: string, seconds: number, more: object = {}) => ({
    id,
    status: value,
    timestamp: String(BASE_SECONDS + seconds),
    ...more,
  });

  /** A message of ours whose answer by Meta we never saw. */
  async function unknownMessage(): Promise<{ conversationId: string; messageId: string }> {
    await post(app, envelope({ messages: [text('wamid.in', 'hello')] }));
    await drained(app);
    const messageId = newId();
    const [row] = await rows<{ id: string }>(
      app,
      `insert into messages (conversation_id, id, channel_id, seq, direction, sender_type, type, body, content, status,
         event_at, event_second, inbound_number, unknown_at)
       select id, $1, channel_id, 2, 'outbound', 'system', 'text', 'ours', '{}', 'unknown', app_now(), 0, 1, app_now()
       from conversations returning conversation_id as id`,
      [messageId],
    );
    await rows(app, 'update conversations set last_seq = 2');
    return { conversationId: row?.id ?? '', messageId };
  }

  it('with our callback data heals a message of unknown fate, and wakes what waited for it', async () => {
    await post(app, envelope({ statuses: [status('wamid.out', 'delivered', 5)] }));
    const { conversationId, messageId } = await unknownMessage();
    const data = JSON.stringify({ c: conversationId, m: messageId, a: 1 });
    await post(app, envelope({ statuses: [status('wamid.out', 'sent', 3, { biz_opaque_callback_data: data })] }));
    await drained(app);
    const [message] = await rows(app, 'select status, wamid, rev from messages where id = $1', [messageId]);
    expect(message).toEqual({ status: 'delivered', wamid: 'wamid.out', rev: 2 });
    expect((await outcomes()).filter(({ wamid }) => wamid === 'wamid.out').map(({ outcome }) => outcome)).toEqual([
      'applied',
      'applied',
    ]);
    expect(await rows(app, `select count(*) from events where message_id = $1`, [messageId])).toEqual([{ count: 1 }]);
  });

  it('that failed tells why, closes the window that Meta calls closed, and never undoes a delivery', async () => {
    const { conversationId, messageId } = await unknownMessage();
    const data = { biz_opaque_callback_data: JSON.stringify({ c: conversationId, m: messageId, a: 1 }) };
    const errors = [{ code: 131047, title: 'Re-engagement message', error_data: { details: 'More than 24 hours' } }];
    await post(app, envelope({ statuses: [status('wamid.out', 'failed', 60, { ...data, errors })] }));
    await drained(app);
    const [failed] = await rows(
      app,
      `select status, error ->> 'code' as code, error ->> 'detail' as detail from messages where id = $1`,
      [messageId],
    );
    expect(failed).toEqual({ status: 'failed', code: '131047', detail: 'More than 24 hours' });
    const [closed] = await rows<{ at: Date }>(app, 'select window_expires_at as at from conversations');
    expect(closed?.at.getTime()).toBe((BASE_SECONDS + 60) * 1_000);
    await post(app, envelope({ statuses: [status('wamid.out', 'delivered', 61)] }));
    await drained(app);
    expect(await rows(app, 'select status, error from messages where id = $1', [messageId])).toEqual([
      { status: 'delivered', error: null },
    ]);
  });

  it('is one row per member of a group, and an unknown value is kept', async () => {
    const member = (user: string) => ({ recipient_type: 'group', recipient_participant_user_id: user });
    await post(
      app,
      envelope({
        statuses: [
          status('wamid.g', 'delivered', 1, member('US.1')),
          status('wamid.g', 'read', 2, member('US.2')),
          status('wamid.g', 'warming', 3),
        ],
      }),
    );
    await drained(app);
    const heads = await rows(
      app,
      `select participant, sent_at is not null as sent, delivered_at is not null as delivered, read_at is not null as read,
         others from message_statuses where channel_id = $1 order by participant`,
      [await channelIdOf(app)],
    );
    expect(heads).toEqual([
      { participant: '', sent: true, delivered: false, read: false, others: { warming: expect.any(String) as string } },
      { participant: 'US.1', sent: false, delivered: true, read: false, others: null },
      { participant: 'US.2', sent: false, delivered: false, read: true, others: null },
    ]);
  });
});

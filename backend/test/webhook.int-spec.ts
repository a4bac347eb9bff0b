import type { DeliveryCounts, DeliveryList, ReplayedDeliveries } from '@parley/contract';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryWaker } from '../src/webhook/delivery-waker.js';
import { DeliveryIntake, NotStoredError } from '../src/webhook/door/delivery-intake.js';
import { startTestApp, TEST_VERIFY_TOKEN, type TestApp } from './support/test-app.js';
import { drained, envelope, givenTenants, post, rows, sign, text, waitFor, wipe } from './support/webhook-rig.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
});
afterAll(() => app.close());
beforeEach(() => wipe(app));

const stored = async () => (await rows<{ count: number }>(app, 'select count(*) from webhook_deliveries'))[0]?.count;

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('the handshake', () => {
  const shake = async (query: string) => {
    const response = await fetch(`${app.url}/api/webhooks/whatsapp?${query}`);
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };

  it('answers the challenge as text', async () => {
    const query = `hub.mode=subscribe&hub.challenge=%3Cb%3E1158&hub.verify_token=${TEST_VERIFY_TOKEN}`;
    expect(await shake(query)).toEqual({
      status: 200,
      type: expect.stringMatching(/^text\/plain/) as string,
      body: '<b>1158',
    });
  });

  it.each([
    ['another token', 'hub.mode=subscribe&hub.challenge=1&hub.verify_token=other'],
    ['another mode', `hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=${TEST_VERIFY_TOKEN}`],
    ['no challenge', `hub.mode=subscribe&hub.verify_token=${TEST_VERIFY_TOKEN}`],
    ['a repeated token', `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${TEST_VERIFY_TOKEN}&hub.verify_token=x`],
    ['nothing', ''],
  ])('refuses %s', async (_name, query) => {
    expect((await shake(query)).status).toBe(403);
  });
});

describe('the door', () => {
  it.each(['application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense', ''])(
    'takes the raw bytes whatever the content type says: "%s"',
    async (type) => {
      const body = envelope({ messages: [text('wamid.1', 'é')] });
      expect(await post(app, Buffer.from(body), sign(body), type === '' ? {} : { 'content-type': type })).toBe(200);
      await drained(app);
      expect(await rows(app, 'select body from messages')).toEqual([{ body: 'é' }]);
    },
  );

  it('takes 3.9 MB and refuses more than 4', async () => {
    const padded = (bytes: number) => Buffer.from(envelope({ messages: [], padding: 'x'.repeat(bytes) }));
    expect(await post(app, padded(3_900_000))).toBe(200);
    expect(await post(app, padded(4 * 1_024 * 1_024))).toBe(413);
    expect(await stored()).toBe(1);
  });

  it('stores the same bytes once, and answers 200 each time', async () => {
    const body = envelope({ messages: [text('wamid.1', 'once')] });
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(app, body)));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(await stored()).toBe(1);
  });

  it('refuses an empty body without a signature, and stores a signed one', async () => {
    expect(await post(app, '', null)).toBe(401);
    expect(await post(app, '')).toBe(200);
    await drained(app);
    expect(await rows(app, 'select state, error from webhook_deliveries')).toEqual([
      { state: 'dead', error: 'the body is not JSON' },
    ]);
  });

  it('lets go of a sender who leaves in the middle of a body', async () => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write('POST /api/webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"half":');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    expect(await post(app, envelope({ messages: [] }))).toBe(200);
    expect(await stored()).toBe(1);
  });

  it('says 503 in time while the database takes nothing, and takes the repetition afterwards', async () => {
    const body = envelope({ messages: [text('wamid.1', 'again')] });
    const name = new URL(app.testDatabase.url).pathname.slice(1);
    const setReadOnly = async (on: boolean) => {
      await rows(
        app,
        `begin; set local transaction_read_only = off; alter database ${name} set default_transaction_read_only = ${on ? 'on' : 'off'}; commit`,
      );
      await rows(
        app,
        'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = $2',
        ['parley-webhook', name],
      );
    };
    await setReadOnly(true);
    const startedAt = performance.now();
    expect(await post(app, body)).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(await post(app, body, sign(`${body} `))).toBe(401);
    await setReadOnly(false);
    expect(await post(app, body)).toBe(200);
    await drained(app);
    expect(await rows(app, 'select body from messages')).toEqual([{ body: 'again' }]);
  });
});

describe('while PostgreSQL is away altogether', () => {
  it('nothing is said to be stored, and that in time', async () => {
    const databaseUrl = `postgres://nobody@127.0.0.1:${await closedPort()}/none`;
    const intake = new DeliveryIntake({ ...app.environment, databaseUrl }, app.app.get(DeliveryWaker));
    const startedAt = performance.now();
    const takes = Array.from({ length: 50 }, (_, index) => intake.take(Buffer.from(String(index))));
    const results = await Promise.allSettled(takes);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(results.map((result) => result.status === 'rejected' && result.reason instanceof NotStoredError)).toEqual(
      Array.from({ length: 50 }, () => true),
    );
    await intake.onApplicationShutdown();
  });
});

describe('the ledger', () => {
  it('lists deliveries with their items, page by page, gives their bytes and replays them', async () => {
    const admin = await app.given.agent({ role: 'admin' });
    const bodies = [1, 2, 3].map((n) => envelope({ messages: [text(`wamid.${n}`, `text ${n}`)] }));
    for (const body of bodies) await post(app, body);
    await drained(app);
    interface Page {
      items: { id: string; state: string; items: { outcome: string; wamid: string }[] }[];
      nextCursor: string | null;
    }
    const first = (await app.call<Page>(admin, 'GET', '/webhook-deliveries?limit=2&state=done')).body;
    expect(first.items.map(({ items }) => items[0]?.wamid)).toEqual(['wamid.3', 'wamid.2']);
    const second = (await app.call<Page>(admin, 'GET', `/webhook-deliveries?limit=2&cursor=${first.nextCursor ?? ''}`))
      .body;
    expect(second.items.map(({ items }) => items[0])).toMatchObject([{ wamid: 'wamid.1', outcome: 'applied' }]);
    expect(second.nextCursor).toBeNull();
    const id = second.items[0]?.id ?? '';
    const bytes = await fetch(`${app.url}/api/webhook-deliveries/${id}/body`, {
      headers: { authorization: `Bearer ${admin.token}` },
    });
    expect(bytes.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(await bytes.text()).toBe(bodies[0]);
    expect((await app.call(admin, 'POST', `/webhook-deliveries/${id}/replay`)).status).toBe(200);
    await waitFor(async () => {
      const { body } = await app.call<Page['items'][number]>(admin, 'GET', `/webhook-deliveries/${id}`);
      return body.items[0]?.outcome === 'duplicate';
    });
    expect(await rows(app, 'select count(*) from messages')).toEqual([{ count: 3 }]);
  });

  it('counts what wants an eye, and replays many at once', async () => {
    const admin = await app.given.agent({ role: 'admin' });
    const bodies = [1, 2].map((n) =>
      envelope({ messages: [text(`wamid.lost.${n}`, 'lost')] }, { phoneNumberId: '4711' }),
    );
    for (const body of bodies) await post(app, body);
    await drained(app);
    const counts = async () => (await app.call<DeliveryCounts>(admin, 'GET', '/webhook-deliveries/counts')).body;
    expect((await counts()).outcomes).toMatchObject({ unrouted: 2, dead: 0 });
    const listed = await app.call<DeliveryList>(admin, 'GET', '/webhook-deliveries?outcome=unrouted');
    const ids = listed.body.items.map(({ id }) => id);
    expect(ids).toHaveLength(2);

    const { id: channelId } = await app.given.channel({ phoneNumberId: '4711' });
    const missing = '0192a000-0000-7000-8000-000000000000';
    const replayed = await app.call<ReplayedDeliveries>(admin, 'POST', '/webhook-deliveries/replay', {
      ids: [...ids, missing],
    });
    expect(replayed.body.skipped).toEqual([missing]);
    expect([...replayed.body.replayed].sort()).toEqual([...ids].sort());
    await waitFor(async () => (await counts()).outcomes.unrouted === 0);
    await drained(app);
    expect(await rows(app, 'select count(*) from messages where channel_id = $1', [channelId])).toEqual([{ count: 2 }]);
    const supervisor = await app.given.agent({ role: 'supervisor' });
    expect((await app.call(supervisor, 'POST', '/webhook-deliveries/replay', { ids })).status).toBe(403);
  });

  it('refuses a cursor that is not its own', async () => {
    const admin = await app.given.agent({ role: 'admin' });
    expect((await app.call(admin, 'GET', '/webhook-deliveries?cursor=abc')).status).toBe(400);
    const missing = '0192a000-0000-7000-8000-000000000000';
    expect((await app.call(admin, 'GET', `/webhook-deliveries/${missing}`)).status).toBe(404);
  });
});

// Last: passport keeps one strategy for the process, so the first application accepts no token after this.
describe('without Redis', () => {
  it('deliveries are stored, answered and worked through', async () => {
    const lonely = await startTestApp({ env: { REDIS_URL: `redis://127.0.0.1:${await closedPort()}` } });
    try {
      await givenTenants(lonely);
      expect(await post(lonely, envelope({ messages: [text('wamid.1', 'no Redis')] }))).toBe(200);
      await drained(lonely);
      expect(await rows(lonely, 'select body from messages')).toEqual([{ body: 'no Redis' }]);
    } finally {
      await lonely.close();
    }
  });
});

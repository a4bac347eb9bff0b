import type { PushDevice, PushSetup, PushTest } from '@parley/contract';
import { pushPayloadSchema } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PushKeys } from '../src/notifications/push/push-keys.js';
import { PushSender } from '../src/notifications/push/push.sender.js';
import { FakePushService, type FakeBrowser } from './support/fake-push-service.js';
import { OutboundRig } from './support/outbound-rig.js';
import { startTestApp, type TestAgent } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('pushes', () => {
  let rig: OutboundRig;
  let service: FakePushService;
  let ana: TestAgent;
  let name: string;
  let browser: FakeBrowser;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    service = await FakePushService.start();
    await waitFor(
      async () => (await rig.sql(`select 1 from log_consumers where name = 'notifications'`)).length > 0,
      'the follower',
    );
  });
  beforeEach(async () => {
    service.answer = () => ({ status: 201 });
    ana = await rig.app.given.agent({ name: 'Ana' });
    name = randomUUID();
    browser = service.browser(name, (await setup()).publicKey);
    await prefer({ notify: { message: 'push', assigned: 'push' } });
  });
  afterAll(async () => {
    await rig.close();
    await service.close();
  });

  const setup = async (agent = ana) => (await rig.app.call<PushSetup>(agent, 'GET', '/push')).body;
  const prefer = (choices: object, agent = ana) => rig.app.call(agent, 'PATCH', '/agents/me/preferences', choices);
  const subscribe = async (agent = ana) =>
    (await rig.app.call<PushDevice>(agent, 'PUT', '/push/devices', browser.subscription)).body;
  const settled = () => rig.followed('notifications');
  /** Instead of waiting until they are due. */
  const sendDue = async () => {
    await settled();
    await rig.sql('update pushes set due_at = app_now() where due_at is not null');
    await rig.app.app.get(PushSender, { strict: false }).sweep();
  };
  const planned = (agent = ana) =>
    rig.sql<{ due: boolean; attempts: number }>(
      'select due_at is not null as due, attempts from pushes where agent_id = $1',
      [agent.id],
    );

  it('the keys are made once, kept sealed, and the same on every instance', async () => {
    const { publicKey } = await setup();
    const other = await startTestApp({ sharing: rig.app });
    expect((await other.app.get(PushKeys, { strict: false }).get()).publicKey).toBe(publicKey);
    await other.close();
    const rows = await rig.sql<{ private_key_sealed: string }>('select * from push_keys');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.private_key_sealed).toMatch(/^v1\.k1\./);
  });

  it('a message for an agent who is away reaches their browser, sealed, and without the words', async () => {
    await subscribe();
    const id = await rig.thread({ assigneeId: ana.id });
    await rig.customerWrites(id, 'My card number is 4111');
    await sendDue();
    const [push] = service.of(name);
    expect(pushPayloadSchema.parse(push?.payload)).toEqual({
      kind: 'message',
      tag: `message ${id}`,
      path: `/inbox/all/${id}`,
      title: 'Maria',
      count: 1,
      by: null,
      text: null,
    });
    expect(push?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'high', ttl: '14400' });
    expect(String(push?.headers['topic'])).toMatch(/^[\w-]{32}$/);
    await sendDue();
    expect(service.of(name)).toHaveLength(1);
  });

  it('the words travel where the agent wants them to', async () => {
    await prefer({ pushWords: true });
    await subscribe();
    await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'Where is it?');
    await sendDue();
    expect(service.of(name)[0]?.payload).toMatchObject({ text: 'Where is it?' });
  });

  it('an answer about calls travels as what it is: the browser words it', async () => {
    await prefer({ pushWords: true });
    await subscribe();
    const messageId = await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'accept', 'answer');
    const callPermission = { isGiven: true, until: null };
    await rig.sql('update messages set content = $2 where id = $1', [messageId, JSON.stringify({ callPermission })]);
    await sendDue();
    const payload = pushPayloadSchema.parse(service.of(name)[0]?.payload);
    expect(payload).toMatchObject({ text: null, callPermission });
  });

  it('what was read meanwhile is not pushed; nor is what is not wanted, or while nobody may disturb', async () => {
    await subscribe();
    const id = await rig.thread({ assigneeId: ana.id });
    const messageId = await rig.customerWrites(id, 'Hello');
    await settled();
    expect(await planned()).toEqual([{ due: true, attempts: 0 }]);
    await rig.app.call(ana, 'POST', `/conversations/${id}/read`, { messageId });
    await sendDue();
    expect(await planned()).toEqual([]);

    await prefer({ notify: { message: 'desktop' } });
    await rig.customerWrites(id, 'Hello?');
    await settled();
    expect(await planned()).toEqual([]);

    await prefer({ notify: { message: 'push' }, quietUntil: new Date(Date.now() + 3_600_000).toISOString() });
    await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'Psst');
    await settled();
    expect(await planned()).toEqual([]);
    expect(service.of(name)).toEqual([]);
  });

  it('more of the same within half a minute is one push, with how many there are', async () => {
    await subscribe();
    const id = await rig.thread({ assigneeId: ana.id });
    await rig.customerWrites(id, 'One');
    await sendDue();
    await rig.customerWrites(id, 'Two');
    await rig.customerWrites(id, 'Three');
    await settled();
    const [next] = await rig.sql<{ seconds: number }>(
      'select extract(epoch from due_at - sent_at)::float8 as seconds from pushes where agent_id = $1',
      [ana.id],
    );
    expect(next?.seconds).toBeGreaterThanOrEqual(30);
    await sendDue();
    expect(service.of(name).map(({ payload }) => payload['count'])).toEqual([1, 3]);
  });

  it.each([404, 410])('a browser that its push service knows no more (%i) is forgotten', async (status) => {
    await subscribe();
    service.answer = () => ({ status });
    await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'Hello');
    await sendDue();
    expect((await setup()).devices).toEqual([]);
    expect(await planned()).toEqual([]);
  });

  it('a push service that is busy is asked again when it says; one that refuses for good is not', async () => {
    await subscribe();
    service.answer = () => ({ status: 429, headers: { 'retry-after': '120' } });
    await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'Hello');
    await sendDue();
    const [waiting] = await rig.sql<{ seconds: number }>(
      'select extract(epoch from due_at - app_now())::float8 as seconds from pushes where agent_id = $1',
      [ana.id],
    );
    expect(waiting?.seconds).toBeGreaterThan(100);
    expect((await setup()).devices).toMatchObject([{ failure: 'the push service answered 429', pushedAt: null }]);
    service.answer = () => ({ status: 201 });
    await sendDue();
    expect(service.of(name)).toHaveLength(1);
    expect((await setup()).devices).toMatchObject([{ failure: null, pushedAt: expect.any(String) as string }]);

    service.answer = () => ({ status: 400 });
    await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'Hello');
    await sendDue();
    expect((await planned()).filter(({ due }) => due)).toEqual([]);
  });

  it('an instance that dies while it pushes leaves the push to the next', async () => {
    await subscribe();
    await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'Hello');
    await settled();
    // Leased by somebody who is gone: due again once the lease is over.
    await rig.sql(`update pushes set attempts = 1, due_at = app_now() + interval '60 seconds' where agent_id = $1`, [
      ana.id,
    ]);
    await rig.app.app.get(PushSender, { strict: false }).sweep();
    expect(service.of(name)).toEqual([]);
    await sendDue();
    expect(service.of(name)).toHaveLength(1);
  });

  it('signing out ends it, wherever that was said', async () => {
    await subscribe();
    expect((await setup()).devices).toMatchObject([{ current: true }]);
    await rig.sql('update sessions set revoked_at = app_now() where agent_id = $1', [ana.id]);
    expect(await rig.sql('select 1 from push_devices where agent_id = $1', [ana.id])).toEqual([]);

    ana = await rig.app.signIn(ana.email);
    await subscribe();
    await rig.sql(`update sessions set expires_at = app_now() - interval '1 second' where agent_id = $1`, [ana.id]);
    await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'Hello');
    await sendDue();
    expect(service.of(name)).toEqual([]);
    expect(await rig.sql('select 1 from push_devices where agent_id = $1', [ana.id])).toEqual([]);
  });

  it('a browser that another agent signs in at is theirs from then on; the same one again is no second one', async () => {
    const ben = await rig.app.given.agent({ name: 'Ben' });
    const first = await subscribe();
    expect((await subscribe()).id).toBe(first.id);
    expect((await setup()).devices).toHaveLength(1);
    await subscribe(ben);
    expect((await setup()).devices).toEqual([]);
    expect((await setup(ben)).devices).toHaveLength(1);
    expect((await rig.app.call(ana, 'DELETE', `/push/devices/${first.id}`)).status).toBe(404);
    expect((await rig.app.call(ben, 'DELETE', `/push/devices/${first.id}`)).status).toBe(204);
  });

  it('can be tried, and says what the push service answered', async () => {
    const { id } = await subscribe();
    const attempt = async () => (await rig.app.call<PushTest>(ana, 'POST', `/push/devices/${id}/test`)).body;
    expect(await attempt()).toEqual({ outcome: 'sent', failure: null });
    expect(service.of(name)[0]?.payload).toMatchObject({ kind: 'test' });
    service.answer = () => ({ status: 503 });
    expect(await attempt()).toEqual({ outcome: 'failed', failure: 'the push service answered 503' });
    service.answer = () => ({ status: 410 });
    expect(await attempt()).toEqual({ outcome: 'gone', failure: null });
    expect((await setup()).devices).toEqual([]);
  });

  it.each([
    'https://10.0.0.5/push',
    'http://example.com/push',
    'https://backend/push',
    'https://[fd00::1]/push',
    'https://a:b@example.com/push',
  ])('nothing of ours is reached through %s', async (endpoint) => {
    const { status, body } = await rig.app.call(ana, 'PUT', '/push/devices', { ...browser.subscription, endpoint });
    expect([status, body]).toMatchObject([422, { code: 'push_device.refused' }]);
  });

  it('keys that are none are refused', async () => {
    const { status } = await rig.app.call(ana, 'PUT', '/push/devices', {
      ...browser.subscription,
      keys: { p256dh: 'AAAA', auth: 'AAAA' },
    });
    expect(status).toBe(400);
    const notOnCurve = { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: browser.subscription.keys.auth };
    const { body } = await rig.app.call<PushDevice>(ana, 'PUT', '/push/devices', {
      ...browser.subscription,
      keys: notOnCurve,
    });
    const attempt = await rig.app.call<PushTest>(ana, 'POST', `/push/devices/${body.id}/test`);
    expect(attempt.body.outcome).toBe('failed');
  });
});

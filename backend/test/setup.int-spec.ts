import type { Channel, ChannelList, ChannelReport, DoorAttempt, Setup } from '@parley/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../src/database/database.js';
import { CloudApi } from './support/faults/cloud-api.js';
import { LiveClient } from './support/live-client.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';
import { drained, envelope, post, sign, text } from './support/webhook-rig.js';

const TOKEN = 'EAAG-canary-token-71c2';
const SECRET = 'canary-app-key-88aa';
const NUMBER = '274119865530142';
const ACCOUNT = '318840027715906';

describe('setting up a number without a file', () => {
  let meta: CloudApi;
  let test: TestApp;
  let admin: TestAgent;

  beforeAll(async () => {
    meta = await CloudApi.start({
      SIMULATOR_PORT: '0',
      SIMULATOR_ACCESS_TOKEN: TOKEN,
      SIMULATOR_APP_SECRET: SECRET,
      SIMULATOR_PHONE_NUMBER_ID: NUMBER,
      SIMULATOR_BUSINESS_ACCOUNT_ID: ACCOUNT,
    });
    test = await startTestApp({
      env: { WHATSAPP_GRAPH_URL: meta.url, WHATSAPP_APP_SECRET: '', WHATSAPP_WEBHOOK_TOKEN: '' },
    });
    admin = await test.given.agent({ role: 'admin' });
  });
  afterAll(async () => {
    await test.close();
    await meta.stop();
  });

  const credentials = { phoneNumberId: NUMBER, businessAccountId: ACCOUNT, accessToken: TOKEN, appSecret: SECRET };
  const check = (over: object = {}) =>
    test.call<ChannelReport>(admin, 'POST', '/channels/check', { ...credentials, ...over });
  const faults = ({ checks }: ChannelReport) =>
    Object.fromEntries(checks.flatMap(({ name, fault }) => (fault === null ? [] : [[name, fault]])));
  const setup = async () => (await test.call<Setup>(admin, 'GET', '/setup')).body;
  const handshake = (token: string, challenge: string | null = '1158201444') =>
    fetch(
      `${test.url}/api/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=${token}` +
        (challenge === null ? '' : `&hub.challenge=${challenge}`),
    );
  const attempt = async (wanted: Partial<DoorAttempt>): Promise<DoorAttempt> => {
    let found: DoorAttempt | undefined;
    await waitFor(async () => {
      found = (await setup()).attempts.find((one) =>
        Object.entries(wanted).every(([key, value]) => one[key as keyof DoorAttempt] === value),
      );
      return found !== undefined;
    });
    if (!found) throw new Error('no such attempt');
    return found;
  };

  it('asks Meta before anything is kept, and names each fault', async () => {
    expect(await setup()).toMatchObject({ channels: [], admins: 1, lastHandshakeAt: null, callbackReach: 'local' });
    expect(faults((await check({ accessToken: 'EAAG-wrong' })).body)).toEqual({ token: 'token_invalid' });
    expect(faults((await check({ appSecret: 'another-one' })).body)).toEqual({ app_secret: 'app_secret_wrong' });
    expect(faults((await check({ phoneNumberId: '999' })).body)).toMatchObject({ number: 'number_unknown' });
    expect(faults((await check({ businessAccountId: '999' })).body)).toMatchObject({ account: 'account_unknown' });

    await meta.control('POST', 'token', { scopes: ['whatsapp_business_messaging'] });
    expect(faults((await check()).body)).toMatchObject({ scopes: 'scope_missing' });
    await meta.control('POST', 'token', { scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'] });
    await meta.control('POST', 'token', { expired: true });
    expect(faults((await check()).body)).toEqual({ token: 'token_expired' });
    await meta.control('POST', 'token', { expired: false });
    await meta.control('POST', 'numbers', { id: NUMBER, displayPhoneNumber: '12025550134', registered: false });
    expect(faults((await check()).body)).toMatchObject({ registration: 'number_not_verified' });
    await meta.control('POST', 'numbers', { id: NUMBER, displayPhoneNumber: '12025550134', verifiedName: 'Lantern' });

    const good = await check();
    expect(good.body).toMatchObject({
      healthy: true,
      facts: { displayPhoneNumber: '+1 202-555-0134', verifiedName: 'Lantern', quality: 'GREEN' },
    });
    expect((await test.call<ChannelList>(admin, 'GET', '/channels')).body.items).toEqual([]);
  });

  it('says what Meta has just tried, to admins and at once', async () => {
    const agent = await test.given.agent();
    const [watching, outside] = await Promise.all(
      [admin, agent].map(({ token }) => new LiveClient(test.url, token).ready()),
    );
    const { verifyToken } = await setup();
    expect(verifyToken.length).toBeGreaterThan(20);
    expect((await handshake('wrong')).status).toBe(403);
    expect((await handshake(verifyToken, null)).status).toBe(403);
    const answered = await handshake(verifyToken);
    expect(await answered.text()).toBe('1158201444');
    await attempt({ kind: 'handshake_wrong_token' });
    await attempt({ kind: 'handshake_malformed' });
    const good = await attempt({ kind: 'handshake' });
    expect((await setup()).lastHandshakeAt).toBe(good.at);

    const body = envelope({ messages: [text('wamid.setup1', 'Hi')] }, { phoneNumberId: NUMBER });
    for (let n = 0; n < 5; n += 1) expect(await post(test, body, sign(body, 'another-secret'))).toBe(401);
    expect(await post(test, body, null)).toBe(401);
    const bad = await attempt({ kind: 'signature_bad', phoneNumberId: NUMBER });
    expect(bad.count).toBeGreaterThan(1);
    await attempt({ kind: 'signature_missing' });
    await waitFor(() => watching?.volatile.some(({ type }) => type === 'setup:changed') ?? false);
    expect(outside?.volatile.some(({ type }) => type === 'setup:changed')).toBe(false);
    for (const client of [watching, outside]) client?.socket.disconnect();
  });

  it('keeps few of the many who knock', async () => {
    for (let n = 0; n < 40; n += 1)
      await query(
        test.database.pool,
        `insert into door_attempts
      select gen_random_uuid(), 'signature_bad', '192.0.2.' || n, null, 1, app_now() - n * interval '1 s'
      from generate_series(1, 10) n`,
      );
    await handshake('again-wrong');
    await attempt({ kind: 'handshake_wrong_token' });
    await waitFor(async () => {
      const [row] = await query<{ n: number }>(test.database.pool, 'select count(*)::int as n from door_attempts');
      return (row?.n ?? 0) <= 200;
    });
    expect((await setup()).attempts.length).toBeLessThanOrEqual(30);
  });

  it('follows the first message and the first reply to its second tick', async () => {
    const created = await test.call<Channel>(admin, 'POST', '/channels', { name: 'Shop', ...credentials });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ connected: true, hasAppSecret: true, fromEnvironment: false });
    expect((await setup()).channels).toMatchObject([{ hasToken: true, firstMessageAt: null, reply: null }]);

    const stray = envelope({ messages: [text('wamid.stray', 'Hi')] }, { phoneNumberId: '777' });
    expect(await post(test, stray, sign(stray, SECRET))).toBe(200);
    const body = envelope({ messages: [text('wamid.first', 'Hi', { at: Math.floor(Date.now() / 1_000) })] });
    expect(await post(test, body, sign(body, SECRET))).toBe(200);
    await drained(test);
    const after = await setup();
    expect(after.unrouted).toMatchObject([{ phoneNumberId: '777', count: 1 }]);
    expect(after.channels[0]?.firstMessageAt).not.toBeNull();
    expect(after.lastDeliveryAt).not.toBeNull();

    const { body: list } = await test.call<{ items: { id: string }[] }>(admin, 'GET', '/conversations?status=all');
    await test.call(admin, 'POST', `/conversations/${list.items[0]?.id ?? ''}/messages`, {
      clientMessageId: crypto.randomUUID(),
      type: 'text',
      text: { body: 'Hello' },
    });
    await waitFor(async () => (await setup()).channels[0]?.reply?.status === 'accepted');
    const [{ wamid } = { wamid: '' }] = await query<{ wamid: string }>(
      test.database.pool,
      `select wamid from messages where direction = 'outbound'`,
    );
    const status = envelope({
      statuses: [{ id: wamid, status: 'delivered', timestamp: '1795000100', recipient_id: '12065550142' }],
    });
    expect(await post(test, status, sign(status, SECRET))).toBe(200);
    await waitFor(async () => (await setup()).channels[0]?.firstDeliveredAt !== null);
    expect((await setup()).channels[0]?.reply).toMatchObject({ status: 'delivered', error: null });
  });

  it('subscribes the app where it is not, and rotates credentials after a look', async () => {
    const [channel] = (await test.call<ChannelList>(admin, 'GET', '/channels')).body.items;
    const path = `/channels/${channel?.id ?? ''}`;
    await meta.control('POST', 'subscriptions', { subscribed: false });
    expect(faults((await test.call<ChannelReport>(admin, 'POST', `${path}/check`, {})).body)).toEqual({
      subscription: 'not_subscribed',
    });
    expect((await test.call<ChannelReport>(admin, 'POST', `${path}/subscribe`)).body.healthy).toBe(true);
    const candidate = await test.call<ChannelReport>(admin, 'POST', `${path}/check`, { accessToken: 'EAAG-next' });
    expect(faults(candidate.body)).toEqual({ token: 'token_invalid' });
    expect((await test.call<ChannelReport>(admin, 'POST', `${path}/check`, {})).body.healthy).toBe(true);
  });

  it('disconnects a number and connects it again with all its threads', async () => {
    const [channel] = (await test.call<ChannelList>(admin, 'GET', '/channels')).body.items;
    const path = `/channels/${channel?.id ?? ''}`;
    const gone = await test.call<Channel>(admin, 'POST', `${path}/disconnect`);
    expect(gone.body).toMatchObject({ connected: false, hasAppSecret: false, sending: { state: 'stopped' } });
    expect((await test.call(admin, 'PATCH', path, { resumeSending: true })).body).toMatchObject({
      code: 'channel.disconnected',
    });
    expect(faults((await test.call<ChannelReport>(admin, 'POST', `${path}/check`, {})).body)).toEqual({
      token: 'token_missing',
    });
    expect((await test.call(admin, 'POST', `${path}/subscribe`)).status).toBe(409);
    const body = envelope({ messages: [text('wamid.later', 'Still there?')] });
    // The secrets last known decide at once; the next look at them is on its way by then.
    await waitFor(async () => (await post(test, body, sign(body, SECRET))) === 401);

    const back = await test.call<Channel>(admin, 'POST', '/channels', { name: 'Shop again', ...credentials });
    expect(back.body).toMatchObject({ id: channel?.id, name: 'Shop again', connected: true, sending: { state: 'ok' } });
    expect((await test.call(admin, 'POST', '/channels', { name: 'Twice', ...credentials })).body).toMatchObject({
      code: 'channel.number_taken',
    });
    expect(await post(test, body, sign(body, SECRET))).toBe(200);
  });

  it('gives no secret back, whatever is asked', async () => {
    const { body: document } = await test.call<{ paths: Record<string, object> }>(null, 'GET', '/openapi.json');
    const [channel] = (await test.call<ChannelList>(admin, 'GET', '/channels')).body.items;
    const { body: threads } = await test.call<{ items: { id: string }[] }>(admin, 'GET', '/conversations?status=all');
    const ids: Record<string, string> = { channels: channel?.id ?? '', conversations: threads.items[0]?.id ?? '' };
    for (const [path, methods] of Object.entries(document.paths)) {
      if (!('get' in methods)) continue;
      const family = /^\/api\/(\w+)/.exec(path)?.[1] ?? '';
      const concrete = path.replace(/\{\w+\}/g, ids[family] ?? admin.id);
      const answer = await fetch(`${test.url}${concrete}`, { headers: { authorization: `Bearer ${admin.token}` } });
      const words = await answer.text();
      expect([path, words.includes(TOKEN), words.includes(SECRET)]).toEqual([path, false, false]);
    }
    const report = JSON.stringify((await check({ accessToken: `${TOKEN}-wrong` })).body);
    expect(report).not.toContain(TOKEN);
  });
});

describe('a number that the environment names', () => {
  it('is marked as such and is not disconnected from the console', async () => {
    const test = await startTestApp({
      env: {
        WHATSAPP_PHONE_NUMBER_ID: '2001',
        WHATSAPP_BUSINESS_ACCOUNT_ID: '3001',
        WHATSAPP_ACCESS_TOKEN: 'one',
        WHATSAPP_GRAPH_URL: 'http://127.0.0.1:9',
      },
    });
    try {
      const admin = await test.given.agent({ role: 'admin' });
      const [channel] = (await test.call<ChannelList>(admin, 'GET', '/channels')).body.items;
      expect(channel).toMatchObject({ fromEnvironment: true });
      const path = `/channels/${channel?.id ?? ''}`;
      expect((await test.call(admin, 'POST', `${path}/disconnect`)).body).toMatchObject({
        code: 'channel.from_environment',
      });
      const { body } = await test.call<ChannelReport>(admin, 'POST', `${path}/check`, {});
      expect(body.checks[0]).toMatchObject({ name: 'token', fault: 'graph_unreachable' });
    } finally {
      await test.close();
    }
  });
});

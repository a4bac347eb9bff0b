import type { Call, Conversation, MessageList, TimelineEntry } from '@parley/contract';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { presenceKey } from '../src/agents/agent-presence.js';
import { PresentAgents } from '../src/conversations/inbound/present-agents.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';
import { BASE_SECONDS, envelope, givenTenants, handIn, rows, setBot, text, wipe } from './support/webhook-rig.js';

const FROM = '12065550142';
const CONTACT = { profile: { name: 'Maren Okafor' }, wa_id: FROM, user_id: `US.${FROM}` };
const WACID = 'wacid.HBgLMTIwNjU1NTAxNDIVAgASGCAyQjBD';
const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

let app: TestApp;
let ana: TestAgent;

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
  ana = await app.given.agent({ role: 'admin' });
});
afterAll(() => app.close());
beforeEach(() => wipe(app));

const deliver = (value: object, field = 'calls') => handIn(app, envelope({ contacts: [CONTACT], ...value }, { field }));
const theirs = (event: string, over: object = {}) => ({
  id: WACID,
  from: FROM,
  from_user_id: `US.${FROM}`,
  to: '12025550134',
  timestamp: String(BASE_SECONDS),
  direction: 'USER_INITIATED',
  event,
  ...over,
});
const ours = (event: string, over: object = {}) => ({
  id: WACID,
  from: '12025550134',
  to: FROM,
  to_user_id: `US.${FROM}`,
  timestamp: String(BASE_SECONDS),
  direction: 'BUSINESS_INITIATED',
  event,
  ...over,
});
const status = (step: string, at = BASE_SECONDS) => ({
  id: WACID,
  type: 'call',
  status: step,
  timestamp: String(at),
  recipient_id: FROM,
  recipient_user_id: `US.${FROM}`,
});
const connect = { calls: [theirs('connect')] };
const missed = { calls: [theirs('terminate', { status: 'COMPLETED', timestamp: String(BASE_SECONDS + 20) })] };
const talked = {
  calls: [
    theirs('terminate', {
      status: 'COMPLETED',
      timestamp: String(BASE_SECONDS + 37),
      start_time: String(BASE_SECONDS),
      end_time: String(BASE_SECONDS + 37),
      duration: 37,
    }),
  ],
};

async function only(): Promise<Conversation> {
  const { body } = await app.call<{ items: Conversation[] }>(ana, 'GET', '/conversations');
  expect(body.items).toHaveLength(1);
  const [conversation] = body.items;
  if (!conversation) throw new Error('there is no conversation');
  return conversation;
}
async function callsOf(id: string): Promise<TimelineEntry[]> {
  const { body } = await app.call<MessageList>(ana, 'GET', `/conversations/${id}/messages`);
  return body.timeline.filter(({ kind }) => kind === 'call');
}
async function onlyCall(): Promise<Call | undefined> {
  const entries = await callsOf((await only()).id);
  expect(entries).toHaveLength(1);
  return entries[0]?.call;
}
const events = async () =>
  (await rows<{ type: string }>(app, 'select type from events order by xid, id')).map(({ type }) => type);

describe('a customer’s call', () => {
  it('is a line in their thread, opens the window and shows in the list', async () => {
    await deliver(connect);
    const conversation = await only();
    expect(conversation).toMatchObject({
      status: 'open',
      contact: { name: 'Maren Okafor' },
      lastSeq: 0,
      inboundCount: 0,
      unreadCount: 0,
      lastMessage: null,
      lastCall: { direction: 'inbound', outcome: 'ringing', seconds: null, startedAt: iso(BASE_SECONDS) },
      waitingSince: null,
      windowExpiresAt: iso(BASE_SECONDS + 24 * 3_600),
    });
    expect(await events()).toContain('timeline.created');
  });

  it('that nobody took leaves the customer waiting', async () => {
    await deliver(connect);
    await deliver(missed);
    expect(await onlyCall()).toMatchObject({ outcome: 'missed', seconds: null });
    expect(await only()).toMatchObject({ waitingSince: iso(BASE_SECONDS), lastCall: { outcome: 'missed' } });
  });

  it('that was taken leaves nobody waiting and says how long they talked', async () => {
    await deliver(connect);
    await deliver(talked);
    expect(await onlyCall()).toMatchObject({ outcome: 'answered', seconds: 37 });
    expect(await only()).toMatchObject({ waitingSince: null });
  });

  it('is the same line in the other order, told twice and in one body', async () => {
    await deliver(talked);
    await deliver(connect);
    await deliver(talked);
    await deliver({ calls: [...connect.calls, ...talked.calls, ...connect.calls] });
    expect(await onlyCall()).toMatchObject({ outcome: 'answered', seconds: 37, startedAt: iso(BASE_SECONDS) });
    const outcomes = await rows<{ outcome: string }>(
      app,
      'select outcome from webhook_items order by updated_at, ordinal',
    );
    expect(outcomes.map(({ outcome }) => outcome).filter((outcome) => outcome === 'applied')).toHaveLength(1);
  });

  it('tells screens again when more is known, under the same id and a greater rev', async () => {
    await deliver(connect);
    const [before] = await callsOf((await only()).id);
    await deliver(missed);
    const [after] = await callsOf((await only()).id);
    expect(after?.id).toBe(before?.id);
    expect(after?.rev).toBeGreaterThan(before?.rev ?? 0);
    const lines = (await events()).filter((type) => type === 'timeline.created');
    expect(lines).toHaveLength(3); // opened, the call, what became of it
  });

  it('brings a resolved thread back to people when it was missed, and to nobody when it was not', async () => {
    await deliver({ messages: [text('wamid.1', 'Hello', { at: BASE_SECONDS - 60 })] }, 'messages');
    const { id } = await only();
    await app.call(ana, 'POST', `/conversations/${id}/resolve`, {});
    await deliver(talked);
    expect(await only()).toMatchObject({ status: 'resolved', lastCall: { outcome: 'answered' } });
    await deliver({ calls: missed.calls.map((call) => ({ ...call, id: 'wacid.2' })) });
    expect(await only()).toMatchObject({ status: 'open', lastCall: { outcome: 'missed' }, unreadCount: 0 });
  });

  it('goes, when it was missed, to the last owner who is at their desk, as a message does', async () => {
    await deliver({ messages: [text('wamid.1', 'Hello', { at: BASE_SECONDS - 60 })] }, 'messages');
    const { id } = await only();
    await app.call(ana, 'POST', `/conversations/${id}/claim`);
    await app.call(ana, 'POST', `/conversations/${id}/resolve`, {});
    const redis = new Redis(app.environment.redisUrl);
    await redis.set(presenceKey(ana.id), '1', 'EX', 60);
    const present = app.app.get(PresentAgents);
    await waitFor(async () => (await present.snapshot()).has(ana.id));
    await deliver(missed);
    const after = await only();
    await redis.del(presenceKey(ana.id));
    redis.disconnect();
    await waitFor(async () => !(await present.snapshot()).has(ana.id));
    expect(after).toMatchObject({ status: 'open', assignee: { id: ana.id }, lastCall: { outcome: 'missed' } });
  });

  it('gives way in the list to the message that comes after it', async () => {
    await deliver(missed);
    await deliver({ messages: [text('wamid.1', 'I called you')] }, 'messages');
    const conversation = await only();
    expect(conversation.lastCall).toBeUndefined();
    expect(conversation.lastMessage).toMatchObject({ preview: 'I called you' });
  });

  it('wakes no bot', async () => {
    await setBot(app, ana, true);
    try {
      await deliver(connect);
      await deliver(missed);
      expect(await only()).toMatchObject({ status: 'open', handler: 'queue' });
      expect(await rows(app, 'select * from outbox')).toEqual([]);
    } finally {
      await setBot(app, ana, false);
    }
  });
});

describe('a call of the business', () => {
  it.each([
    ['rings', [{ statuses: [status('RINGING')] }], 'ringing'],
    ['is taken', [{ statuses: [status('RINGING'), status('ACCEPTED')] }], 'ongoing'],
    [
      'is declined',
      [{ statuses: [status('REJECTED')] }, { calls: [ours('terminate', { status: 'FAILED' })] }],
      'declined',
    ],
    ['is not taken', [{ calls: [ours('connect')] }, { calls: [ours('terminate', { status: 'COMPLETED' })] }], 'missed'],
    ['fails', [{ calls: [ours('terminate', { status: 'FAILED' })] }], 'failed'],
  ] as const)('%s: a line of its own outcome, and no window', async (_what, deliveries, outcome) => {
    for (const value of deliveries) await deliver(value);
    expect(await onlyCall()).toMatchObject({ direction: 'outbound', outcome });
    expect(await only()).toMatchObject({ status: 'resolved', windowExpiresAt: null, waitingSince: null });
  });
});

it('keeps what else Meta says of calls without a line', async () => {
  await deliver({
    calls: [theirs('call_recording_available')],
    statuses: [{ ...status('SOMETHING_NEW'), id: 'wacid.9' }],
  });
  expect(await rows(app, 'select outcome from webhook_items')).toEqual([{ outcome: 'kept' }, { outcome: 'kept' }]);
  expect(await rows(app, 'select id from conversations')).toEqual([]);
});

import type { Conversation, Message, MessageList } from '@parley/contract';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { presenceKey } from '../src/agents/agent-presence.js';
import { PresentAgents } from '../src/conversations/inbound/present-agents.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import {
  BASE_SECONDS,
  drained,
  envelope,
  givenTenants,
  handIn,
  OTHER_PHONE_NUMBER_ID,
  rows,
  text,
  waitFor,
  wipe,
} from './support/webhook-rig.js';

const FROM = '12065550142';
const CONTACT = { profile: { name: 'Maren Okafor' }, wa_id: FROM, user_id: `US.${FROM}` };

let app: TestApp;
let ana: TestAgent;

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
  ana = await app.given.agent({ role: 'admin' });
});
afterAll(() => app.close());
beforeEach(() => wipe(app));

const deliver = (value: object, options?: { phoneNumberId?: string; field?: string }) =>
  handIn(app, envelope(value, options));
const arrives = (...messages: object[]) => deliver({ contacts: [CONTACT], messages });

async function conversations(): Promise<Conversation[]> {
  const { body } = await app.call<{ items: Conversation[] }>(ana, 'GET', '/conversations');
  return body.items;
}
async function only(): Promise<Conversation> {
  const [conversation, ...others] = await conversations();
  expect(others).toEqual([]);
  if (!conversation) throw new Error('there is no conversation');
  return conversation;
}
async function thread(id: string): Promise<Message[]> {
  const { body } = await app.call<MessageList>(ana, 'GET', `/conversations/${id}/messages`);
  return body.items;
}
const timeline = async () =>
  (await rows<{ kind: string }>(app, 'select kind from timeline_entries order by id')).map(({ kind }) => kind);
const outcomes = async () =>
  (await rows<{ outcome: string }>(app, 'select outcome from webhook_items order by updated_at, ordinal')).map(
    ({ outcome }) => outcome,
  );

describe('a first message', () => {
  it('opens a conversation with a case, a window and a customer who waits', async () => {
    await arrives(text('wamid.1', 'Is the atlas still there?'));
    const conversation = await only();
    expect(conversation).toMatchObject({
      status: 'open',
      handler: 'queue',
      contact: { name: 'Maren Okafor', phone: '+12065550142' },
      lastSeq: 1,
      inboundCount: 1,
      unreadCount: 1,
      lastMessage: { preview: 'Is the atlas still there?', status: 'received' },
      windowExpiresAt: new Date((BASE_SECONDS + 24 * 3_600) * 1_000).toISOString(),
      waitingSince: new Date(BASE_SECONDS * 1_000).toISOString(),
    });
    expect(await timeline()).toEqual(['opened']);
    expect(await rows(app, 'select number, opened_by from cases')).toEqual([{ number: 1, opened_by: 'contact' }]);
    // Whoever is told of it is told by a consumer of its own, in its own time.
    const events = await rows<{ type: string }>(
      app,
      `select type from events where type <> 'notifications.updated' order by id`,
    );
    expect(events.map(({ type }) => type)).toEqual(['message.created', 'timeline.created', 'conversation.updated']);
  });

  it('goes to the bot where the number has one', async () => {
    const { phoneNumberId } = await app.given.channel({ botEnabled: true });
    await deliver({ messages: [text('wamid.bot', 'hello')] }, { phoneNumberId });
    // Nobody taught it anything, so it says that the team will answer, and hands over.
    await waitFor(async () => (await timeline()).includes('bot_handed_over'));
  });

  it('twice, in one body and in another, is one message', async () => {
    await arrives(text('wamid.1', 'once'), text('wamid.1', 'once'));
    await arrives(text('wamid.1', 'once'), text('wamid.2', 'twice'));
    expect(await only()).toMatchObject({ lastSeq: 2, inboundCount: 2 });
    expect(await outcomes()).toEqual(['applied', 'duplicate', 'duplicate', 'applied']);
  });
});

describe('the next message', () => {
  async function resolved(): Promise<Conversation> {
    await arrives(text('wamid.1', 'first'));
    const { id } = await only();
    await app.call(ana, 'POST', `/conversations/${id}/claim`);
    const { body } = await app.call<Conversation>(ana, 'POST', `/conversations/${id}/resolve`, {});
    return body;
  }

  it('reopens a resolved conversation with its last owner if they are at their desk', async () => {
    const before = await resolved();
    const redis = new Redis(app.environment.redisUrl);
    await redis.set(presenceKey(ana.id), '1', 'EX', 60);
    const present = app.app.get(PresentAgents);
    await waitFor(async () => (await present.snapshot()).has(ana.id));
    await arrives(text('wamid.2', 'again'));
    const after = await only();
    await redis.del(presenceKey(ana.id));
    redis.disconnect();
    expect(after).toMatchObject({ id: before.id, status: 'open', assignee: { id: ana.id }, lastSeq: 2 });
    expect(after.version).toBeGreaterThan(before.version);
    expect(await timeline()).toEqual(['opened', 'claimed', 'resolved', 'reopened']);
    expect(await rows(app, 'select number from cases order by number')).toEqual([{ number: 1 }, { number: 2 }]);
  });

  it('reopens it for the queue if its last owner is not there', async () => {
    await resolved();
    const present = app.app.get(PresentAgents);
    await waitFor(async () => !(await present.snapshot()).has(ana.id));
    await arrives(text('wamid.2', 'again'));
    expect(await only()).toMatchObject({ status: 'open', handler: 'queue', unreadCount: 1 });
  });

  it('wakes a snoozed conversation and leaves it with its owner', async () => {
    await arrives(text('wamid.1', 'first'));
    const { id } = await only();
    await app.call(ana, 'POST', `/conversations/${id}/claim`);
    await app.call(ana, 'POST', `/conversations/${id}/snooze`, {
      until: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await arrives(text('wamid.2', 'still there?'));
    expect(await only()).toMatchObject({ status: 'open', assignee: { id: ana.id }, snoozedUntil: null });
    expect(await timeline()).toContain('woken');
  });

  it('keeps Meta’s order of time on the screen and the order of arrival in numbers', async () => {
    await arrives(text('wamid.late', 'written second', { at: BASE_SECONDS + 60 }));
    await arrives(text('wamid.early', 'written first', { at: BASE_SECONDS }));
    const { id, windowExpiresAt, lastMessage } = await only();
    expect((await thread(id)).map(({ wamid, seq }) => [wamid, seq])).toEqual([
      ['wamid.late', 1],
      ['wamid.early', 2],
    ]);
    expect(lastMessage?.preview).toBe('written first');
    expect(windowExpiresAt).toBe(new Date((BASE_SECONDS + 60 + 24 * 3_600) * 1_000).toISOString());
  });
});

describe('what a message says', () => {
  it('quotes what it answers, whichever comes first', async () => {
    await arrives(text('wamid.2', 'the answer', { replyTo: 'wamid.1' }), text('wamid.1', 'the question'));
    const { id } = await only();
    const answer = (await thread(id)).find(({ wamid }) => wamid === 'wamid.2');
    expect(answer?.replyTo).toMatchObject({ wamid: 'wamid.1', preview: 'the question' });
  });

  it('quotes an answer about calls by what was answered: Meta’s word for it says nothing', async () => {
    const answer = {
      ...text('wamid.1', ''),
      type: 'interactive',
      interactive: { type: 'call_permission_reply', call_permission_reply: { response: 'reject' } },
    };
    await arrives(answer, text('wamid.2', 'because of the baby', { replyTo: 'wamid.1' }));
    const { id } = await only();
    const quoting = (await thread(id)).find(({ wamid }) => wamid === 'wamid.2');
    expect(quoting?.replyTo).toMatchObject({ preview: 'reject', callPermission: { isGiven: false, until: null } });
  });

  it('is a reaction on its target, newest second wins, and none is a bubble', async () => {
    const react = (id: string, emoji: string | undefined, at: number) => ({
      ...text(id, '', { at }),
      type: 'reaction',
      reaction: { message_id: 'wamid.1', ...(emoji === undefined ? {} : { emoji }) },
    });
    await arrives(react('wamid.r1', '👍', BASE_SECONDS + 1));
    expect(await outcomes()).toEqual(['waiting']);
    await arrives(text('wamid.1', 'the target'));
    expect(await outcomes()).toEqual(['applied', 'applied']);
    const { id } = await only();
    const emojis = async () => (await thread(id)).map(({ reactions }) => reactions.map(({ emoji }) => emoji));
    expect(await emojis()).toEqual([['👍']]);
    await arrives(react('wamid.r3', undefined, BASE_SECONDS + 9), react('wamid.r2', '🎉', BASE_SECONDS + 5));
    expect(await emojis()).toEqual([[]]);
    await arrives(react('wamid.r4', '❤️', BASE_SECONDS + 10));
    expect(await emojis()).toEqual([['❤️']]);
    expect((await only()).windowExpiresAt).toBe(new Date((BASE_SECONDS + 24 * 3_600) * 1_000).toISOString());
  });

  it('sent from the phone app is ours, opens no window and takes the thread from the bot', async () => {
    const { phoneNumberId } = await app.given.channel({ botEnabled: true });
    await deliver({ messages: [text('wamid.1', 'hello')] }, { phoneNumberId });
    const before = await only();
    const echo = {
      from: '12025550134',
      to: FROM,
      to_user_id: `US.${FROM}`,
      id: 'wamid.e',
      timestamp: String(BASE_SECONDS + 5),
    };
    const value = { message_echoes: [{ ...echo, type: 'text', text: { body: 'from the shop' } }] };
    await deliver(value, { phoneNumberId, field: 'smb_message_echoes' });
    const after = await only();
    expect(after).toMatchObject({ status: 'open', waitingSince: null, windowExpiresAt: before.windowExpiresAt });
    expect((await thread(after.id))[0]).toMatchObject({
      direction: 'outbound',
      status: 'sent',
      sender: { type: 'system' },
    });
    await deliver(
      { statuses: [{ id: 'wamid.e', status: 'read', timestamp: String(BASE_SECONDS + 9) }] },
      { phoneNumberId },
    );
    expect((await thread(after.id))[0]).toMatchObject({ status: 'read' });
  });

  it('in a group never lands in the customer’s own thread', async () => {
    await arrives(text('wamid.1', 'alone'), { ...text('wamid.2', 'to all'), group_id: 'group-1' });
    const kinds = (await conversations()).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['direct', 'group']);
  });
});

describe('people', () => {
  const contactIds = async () => (await conversations()).map(({ contact }) => contact.id);

  it('known by number alone are the same once their BSUID comes', async () => {
    await deliver({ messages: [text('wamid.1', 'old shape', { user: null })] });
    await arrives(text('wamid.2', 'new shape'));
    await deliver({ messages: [{ ...text('wamid.3', 'no number'), from: undefined }] });
    expect(await only()).toMatchObject({ lastSeq: 3, contact: { name: 'Maren Okafor' } });
  });

  it('who got a recycled number are not who had it', async () => {
    await arrives(text('wamid.1', 'the first owner'));
    await deliver({ messages: [text('wamid.2', 'the next owner', { user: 'US.other' })] });
    expect(new Set(await contactIds()).size).toBe(2);
    const [identity] = await rows<{ name: string }>(
      app,
      `select i2.value as name from contact_identities i
       join contact_identities i2 on i2.contact_id = i.contact_id and i2.kind = 'bsuid' where i.kind = 'wa_id'`,
    );
    expect(identity?.name).toBe('US.other');
    expect(await rows(app, 'select 1 from contact_merges')).toEqual([]);
  });

  it('are strangers to another portfolio until a number says more', async () => {
    await deliver({ messages: [{ ...text('wamid.1', 'here'), from: undefined }] });
    await deliver(
      { messages: [{ ...text('wamid.1', 'there'), from: undefined }] },
      { phoneNumberId: OTHER_PHONE_NUMBER_ID },
    );
    expect(new Set(await contactIds()).size).toBe(2);
  });

  it('who changed their number keep their thread; the old number names nobody', async () => {
    await arrives(text('wamid.1', 'before'));
    const system = {
      body: 'changed',
      wa_id: '12065550199',
      user_id: 'US.new',
      previous_user_id: `US.${FROM}`,
      type: 'user_changed_number',
    };
    await deliver({
      messages: [{ from: FROM, id: 'wamid.s', timestamp: String(BASE_SECONDS + 1), type: 'system', system }],
    });
    await deliver({ messages: [text('wamid.2', 'after', { from: '12065550199', user: 'US.new' })] });
    expect(await only()).toMatchObject({ lastSeq: 2, contact: { phone: '+12065550199' } });
    expect(await timeline()).toEqual(['opened', 'number_changed']);
    await deliver({ messages: [text('wamid.3', 'a new owner', { user: null, at: BASE_SECONDS + 60 })] });
    expect(await contactIds()).toHaveLength(2);
  });

  it('whose number and BSUID lead to two contacts are noted for a merge, which makes their threads one', async () => {
    await deliver({ messages: [text('wamid.1', 'by number', { user: null })] });
    await deliver({ messages: [{ ...text('wamid.2', 'by id'), from: undefined }] });
    await arrives(text('wamid.3', 'both'));
    await waitFor(async () => (await rows(app, `select 1 from contact_merges where state = 'done'`)).length === 1);
    const conversation = await only();
    expect((await thread(conversation.id)).map(({ text: said }) => said?.body)).toEqual(['both', 'by id', 'by number']);
    expect(await rows(app, 'select reason from contact_merges')).toEqual([{ reason: 'number_without_bsuid' }]);
    await arrives(text('wamid.4', 'and on it goes'));
    expect(await only()).toMatchObject({ id: conversation.id, lastSeq: 4 });
  });
});

describe('items that do nothing yet', () => {
  it('are kept with a reason, and errors about the number become a notice', async () => {
    await deliver({ errors: [{ code: 130429, title: 'Rate limit hit' }] });
    await deliver({ calls: [{ id: 'wacid.1', event: 'connect' }] }, { field: 'calls' });
    expect(await outcomes()).toEqual(['applied', 'kept']);
    expect(await rows(app, 'select code, title from channel_notices')).toEqual([
      { code: 130429, title: 'Rate limit hit' },
    ]);
    expect(await conversations()).toEqual([]);
  });

  it('of an unknown number come alive when it is connected', async () => {
    await deliver({ messages: [text('wamid.1', 'too early')] }, { phoneNumberId: '999000111222333' });
    expect(await outcomes()).toEqual(['unrouted']);
    await app.given.channel({ phoneNumberId: '999000111222333' });
    const { body } = await app.call<{ items: { id: string }[] }>(ana, 'GET', '/webhook-deliveries?outcome=unrouted');
    const [delivery] = body.items;
    await app.call(ana, 'POST', `/webhook-deliveries/${delivery?.id ?? ''}/replay`);
    await drained(app);
    expect(await only()).toMatchObject({ lastSeq: 1 });
  });
});

describe('absurd times', () => {
  it('become the receiving time, keep what was said, and hold no window open', async () => {
    await arrives(
      { ...text('wamid.1', 'far future'), timestamp: '4102444800' },
      { ...text('wamid.2', 'no number'), timestamp: 'yesterday' },
      { ...text('wamid.3', 'nothing'), timestamp: undefined },
    );
    const stored = await rows<{ meta_timestamp: string | null; close: boolean }>(
      app,
      `select m.meta_timestamp, m.event_at = date_trunc('milliseconds', d.received_at) as close from messages m, webhook_deliveries d order by seq`,
    );
    expect(stored).toEqual([
      { meta_timestamp: '4102444800', close: true },
      { meta_timestamp: 'yesterday', close: true },
      { meta_timestamp: null, close: true },
    ]);
  });
});

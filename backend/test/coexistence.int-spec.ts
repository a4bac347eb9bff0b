import type { ChannelList, ChannelNotices, Conversation, Message, MessageList } from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import {
  drained,
  envelope,
  givenTenants,
  handIn,
  payload,
  PHONE_NUMBER_ID,
  post,
  rows,
  setBot,
  text,
  waitFor,
  wipe,
} from './support/webhook-rig.js';

interface Body {
  entry: { changes: unknown[] }[];
}

const OURS = '12025550134';
const FROM = '33639980011';
const CONTACT = { profile: { name: 'Amélie Roy' }, wa_id: FROM };
/** Weeks before anything else that happens here. */
const LONG_AGO = 1_793_272_000;
const RECENT = 1_795_000_000;

let app: TestApp;
let ana: TestAgent;

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
  ana = await app.given.agent({ role: 'admin' });
});
afterAll(() => app.close());
beforeEach(async () => {
  await wipe(app);
  await rows(app, 'delete from channel_imports');
});

const deliver = (value: object, field: string) => handIn(app, envelope(value, { field }));
async function conversations(): Promise<Conversation[]> {
  const { body } = await app.call<{ items: Conversation[] }>(ana, 'GET', '/conversations');
  return body.items;
}
async function of(name: string): Promise<Conversation> {
  const found = (await conversations()).find(({ contact }) => contact.phone === `+${name}` || contact.name === name);
  if (!found) throw new Error(`no conversation of ${name}`);
  return found;
}
async function thread(id: string): Promise<Message[]> {
  const { body } = await app.call<MessageList>(ana, 'GET', `/conversations/${id}/messages`);
  return body.items;
}
async function notices(): Promise<ChannelNotices> {
  const { body } = await app.call<ChannelList>(ana, 'GET', '/channels');
  const id = body.items.find(({ phoneNumberId }) => phoneNumberId === PHONE_NUMBER_ID)?.id ?? '';
  return (await app.call<ChannelNotices>(ana, 'GET', `/channels/${id}/notices`)).body;
}
const said = (id: string, from: string, body: string, at: number, status = 'READ') => ({
  from,
  id,
  timestamp: String(at),
  type: 'text',
  text: { body },
  history_context: { status },
});
const chunk = (messages: object[], metadata = { phase: 1, chunk_order: 2, progress: 55 }) => ({
  history: [{ metadata, threads: [{ id: FROM, messages }] }],
});
const old = [
  said('wamid.h1', OURS, 'Votre commande est prête', LONG_AGO + 1),
  said('wamid.h2', FROM, 'Merci !', LONG_AGO + 2),
];

describe('the history of the phone', () => {
  it('comes in as it was: by Meta’s time, seen by all, waiting for nobody', async () => {
    await deliver(chunk(old), 'history');
    const conversation = await of(FROM);
    expect(conversation).toMatchObject({
      status: 'resolved',
      unreadCount: 0,
      inboundCount: 0,
      waitingSince: null,
      windowExpiresAt: null,
      lastMessage: { preview: 'Merci !' },
      lastActivityAt: new Date((LONG_AGO + 2) * 1_000).toISOString(),
    });
    expect(await thread(conversation.id)).toMatchObject([
      { direction: 'inbound', origin: 'history', status: 'received', text: { body: 'Merci !' } },
      { direction: 'outbound', origin: 'history', status: 'read', sender: { type: 'system' } },
    ]);
    expect(await rows(app, 'select id from cases')).toEqual([]);
  });

  it('is the same told twice and in any order, and counts each message once', async () => {
    const second = chunk([said('wamid.h0', FROM, 'Bonjour', LONG_AGO)], { phase: 2, chunk_order: 1, progress: 100 });
    await deliver(second, 'history');
    await deliver(chunk(old), 'history');
    await deliver(chunk(old), 'history');
    await deliver(second, 'history');
    const conversation = await of(FROM);
    const bodies = (await thread(conversation.id)).map(({ text: words }) => words?.body);
    expect(bodies).toEqual(['Merci !', 'Votre commande est prête', 'Bonjour']);
    expect(conversation.lastMessage?.preview).toBe('Merci !');
    expect((await notices()).history).toMatchObject({ state: 'done', phase: 2, progress: 100, messages: 3 });
  });

  it('goes behind what is new: nothing that is open changes its place or its words', async () => {
    const hello = text('wamid.1', 'Hello', { from: FROM, user: null, at: RECENT });
    await deliver({ contacts: [CONTACT], messages: [hello] }, 'messages');
    const before = await of(FROM);
    await deliver(chunk(old), 'history');
    const after = await of(FROM);
    expect(after).toMatchObject({
      status: 'open',
      unreadCount: 1,
      lastMessage: { preview: 'Hello' },
      lastActivityAt: before.lastActivityAt,
      waitingSince: before.waitingSince,
      windowExpiresAt: before.windowExpiresAt,
    });
    expect((await thread(after.id)).map(({ text: words }) => words?.body)[0]).toBe('Hello');
  });

  it('is not the bot’s to answer, in a thread that is', async () => {
    await setBot(app, ana, true);
    try {
      const hello = text('wamid.1', 'Hello', { from: FROM, user: null, at: RECENT });
      const body = JSON.parse(envelope({ contacts: [CONTACT], messages: [hello] })) as Body;
      const past = JSON.parse(envelope(chunk(old), { field: 'history' })) as Body;
      body.entry[0]?.changes.push(...(past.entry[0]?.changes ?? []));
      expect(await post(app, JSON.stringify(body))).toBe(200);
      await drained(app);
      const turns = () =>
        rows<{ wamid: string }>(
          app,
          `select m.wamid from bot_turns t join messages m on m.conversation_id = t.conversation_id and m.seq = t.trigger_seq`,
        );
      await waitFor(async () => (await turns()).length > 0, 'the bot to take what is new');
      expect(await turns()).toEqual([{ wamid: 'wamid.1' }]);
    } finally {
      await setBot(app, ana, false);
    }
  });

  it.each([
    ['after it', [['placeholder'], ['file']]],
    ['before it', [['file'], ['placeholder']]],
    ['with it', [['file', 'placeholder']]],
  ] as const)('has a file that comes %s placed as its placeholder says: ours, of its time', async (_when, order) => {
    const { text: _, ...ours } = said('wamid.h4', OURS, '', LONG_AGO + 4, 'PLAYED');
    const image = { caption: 'Rayon', mime_type: 'image/jpeg', sha256: 'ab', id: '7612004400000053' };
    // Meta's own sample names the customer as the sender of such a file, and has another time; others name nobody else.
    const bodies = {
      placeholder: chunk([...old, { ...ours, type: 'media_placeholder' }]),
      file: {
        messages: [
          { from: FROM, id: 'wamid.h4', timestamp: String(LONG_AGO), type: 'image', image },
          { from: OURS, id: 'wamid.h5', timestamp: String(LONG_AGO), type: 'image', image },
        ],
      },
    };
    for (const names of order) {
      const changes = names.map(
        (name) => (JSON.parse(envelope(bodies[name], { field: 'history' })) as Body).entry[0]?.changes[0],
      );
      expect(
        await post(app, JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes }] })),
      ).toBe(200);
      await drained(app);
    }
    const conversation = await of(FROM);
    const [newest, ...others] = await thread(conversation.id);
    expect(newest).toMatchObject({
      direction: 'outbound',
      sender: { type: 'system' },
      status: 'played',
      media: { caption: 'Rayon' },
      createdAt: new Date((LONG_AGO + 4) * 1_000).toISOString(),
    });
    expect(others).toHaveLength(2);
    expect((await notices()).history).toMatchObject({ messages: 3 });
    await deliver(chunk([{ ...said('wamid.h5', OURS, '', LONG_AGO + 5), type: 'media_placeholder' }]), 'history');
    expect((await thread(conversation.id))[0]).toMatchObject({ wamid: 'wamid.h5', media: { caption: 'Rayon' } });
  });

  it.each([
    ['after', ['placeholder', 'file']],
    ['before', ['file', 'placeholder']],
  ] as const)('has a file that comes %s its placeholder in one message', async (_when, order) => {
    const { history_context: _, text: __, ...bare } = said('wamid.h3', FROM, '', LONG_AGO + 3);
    const image = { caption: 'Rayon cartes', mime_type: 'image/jpeg', sha256: 'ab', id: '7612004400000052' };
    const bodies = {
      placeholder: chunk([...old, { ...bare, type: 'media_placeholder', history_context: { status: 'READ' } }]),
      file: { messages: [{ ...bare, type: 'image', image }] },
    };
    for (const name of order) await deliver(bodies[name], 'history');
    const conversation = await of(FROM);
    const [newest, ...others] = await thread(conversation.id);
    expect(newest).toMatchObject({ type: 'image', media: { caption: 'Rayon cartes' } });
    expect(newest?.rawType).toBeUndefined();
    expect(others).toHaveLength(2);
    expect(conversation.lastMessage).toMatchObject({ type: 'image', preview: 'Rayon cartes' });
  });

  describe('changes that it tells of', () => {
    const did = (id: string, from: string, at: number, part: object) => ({
      from,
      id,
      timestamp: String(LONG_AGO + at),
      history_context: { status: 'READ' },
      ...part,
    });
    const changes = [
      did('wamid.x1', FROM, 3, { type: 'reaction', reaction: { message_id: 'wamid.h1', emoji: '❤️' } }),
      did('wamid.x2', OURS, 4, { type: 'reaction', reaction: { message_id: 'wamid.h2', emoji: '🎉' } }),
      did('wamid.x3', OURS, 2, { type: 'reaction', reaction: { message_id: 'wamid.h2', emoji: '👍' } }),
      did('wamid.x4', FROM, 9, {
        type: 'edit',
        edit: { original_message_id: 'wamid.h2', message: { type: 'text', text: { body: 'Merci beaucoup !' } } },
      }),
      did('wamid.x5', OURS, 8, { type: 'revoke', revoke: { original_message_id: 'wamid.h1' } }),
    ];
    const waiting = () => rows(app, `select kind from webhook_items where outcome in ('waiting', 'pending', 'dead')`);
    async function expectChanged(): Promise<void> {
      const conversation = await of(FROM);
      expect(await thread(conversation.id)).toMatchObject([
        { text: { body: 'Merci beaucoup !' }, reactions: [{ emoji: '🎉', sender: { type: 'system' } }] },
        { direction: 'outbound', reactions: [{ emoji: '❤️', sender: { type: 'contact' } }] },
      ]);
      const [, deleted] = await thread(conversation.id);
      expect(deleted?.revokedAt).toBe(new Date((LONG_AGO + 8) * 1_000).toISOString());
      expect(JSON.stringify(deleted)).not.toContain('commande');
      expect(conversation).toMatchObject({
        status: 'resolved',
        unreadCount: 0,
        waitingSince: null,
        windowExpiresAt: null,
        lastMessage: { preview: 'Merci beaucoup !' },
        lastActivityAt: new Date((LONG_AGO + 2) * 1_000).toISOString(),
      });
      expect(await waiting()).toEqual([]);
      expect(await rows(app, 'select * from bot_turns')).toEqual([]);
    }

    it.each([
      ['in one chunk with their messages', [[...changes, ...old]]],
      ['in chunks of their own, before their messages', [changes, old]],
      ['in chunks of their own, after them', [old, changes.toReversed()]],
      ['one by one, told twice', [...changes, ...old, ...changes].map((one) => [one])],
    ])('hold when they come %s', async (_how, chunks) => {
      for (const messages of chunks) await deliver(chunk(messages), 'history');
      await expectChanged();
      expect((await notices()).history).toMatchObject({ progress: 55, messages: 2 });
    });

    it('are about what came live as well', async () => {
      const hello = text('wamid.h2', 'Merci !', { from: FROM, user: null, at: RECENT });
      await deliver({ contacts: [CONTACT], messages: [hello] }, 'messages');
      const before = await of(FROM);
      await deliver(chunk(changes.slice(1, 4)), 'history');
      expect(await thread(before.id)).toMatchObject([
        { text: { body: 'Merci beaucoup !' }, reactions: [{ emoji: '🎉' }] },
      ]);
      expect(await of(FROM)).toMatchObject({ unreadCount: 1, windowExpiresAt: before.windowExpiresAt });
    });

    it('tell how far the import has come, also in a chunk that has nothing else', async () => {
      await deliver(chunk(changes.slice(0, 1), { phase: 1, chunk_order: 1, progress: 40 }), 'history');
      expect((await notices()).history).toMatchObject({ progress: 40, messages: 0 });
    });

    it.each([
      ['before its file', ['placeholder', 'change', 'file']],
      ['after its file', ['placeholder', 'file', 'change']],
      ['before both', ['change', 'file', 'placeholder']],
    ] as const)('delete and edit a picture %s', async (_when, order) => {
      const file = (id: string, caption: string, at: number) => ({
        ...did(id, FROM, at, { type: 'image' }),
        image: { caption, mime_type: 'image/jpeg', sha256: 'ab', id: '7612004400000052' },
      });
      const empty = (id: string, at: number) => did(id, FROM, at, { type: 'media_placeholder' });
      const bodies = {
        placeholder: chunk([empty('wamid.p1', 1), empty('wamid.p2', 2)]),
        file: { messages: [file('wamid.p1', 'Rayon secret', 1), file('wamid.p2', 'Rayon cartes', 2)] },
        change: chunk([
          did('wamid.y1', FROM, 3, { type: 'revoke', revoke: { original_message_id: 'wamid.p1' } }),
          did('wamid.y2', FROM, 4, {
            type: 'edit',
            edit: {
              original_message_id: 'wamid.p2',
              message: { type: 'image', image: { caption: 'Rayon atlas', mime_type: 'image/jpeg', id: '761' } },
            },
          }),
        ]),
      };
      for (const name of order) await deliver(bodies[name], 'history');
      const [edited, deleted] = await thread((await of(FROM)).id);
      expect(edited).toMatchObject({ type: 'image', media: { caption: 'Rayon atlas' } });
      expect(deleted?.revokedAt).toBeDefined();
      expect(JSON.stringify(deleted)).not.toContain('secret');
      expect(await waiting()).toEqual([]);
    });
  });

  it('that is declined says so, in Meta’s words', async () => {
    expect((await notices()).history).toBeNull();
    expect(await post(app, payload('053-history-declined.json').toString())).toBe(200);
    await drained(app);
    expect((await notices()).history).toMatchObject({
      state: 'declined',
      reason: 'History sharing is turned off by the business',
    });
  });

  it('and the notices of a number are an admin’s to see', async () => {
    await deliver(
      { errors: [{ code: 130429, title: 'Rate limit hit', error_data: { details: 'Too many' } }] },
      'messages',
    );
    expect((await notices()).items).toMatchObject([{ code: 130429, title: 'Rate limit hit', detail: 'Too many' }]);
    const agent = await app.given.agent({ role: 'agent' });
    const { body } = await app.call<ChannelList>(ana, 'GET', '/channels');
    const answer = await app.call(agent, 'GET', `/channels/${body.items[0]?.id ?? ''}/notices`);
    expect(answer.status).toBe(403);
  });
});

describe('the address book of the phone', () => {
  const entry = (action: string, contact: object) => ({
    state_sync: [{ type: 'contact', contact, action, metadata: { timestamp: String(RECENT) } }],
  });
  const names = async () => (await rows<{ name: string }>(app, 'select name from contacts')).map(({ name }) => name);

  it('names who has no name yet, makes nobody twice, and keeps who was removed', async () => {
    await deliver(chunk(old), 'history');
    expect(await names()).toEqual(['']);
    const add = entry('add', { full_name: 'Amélie (library)', phone_number: FROM });
    await deliver(add, 'smb_app_state_sync');
    await deliver(add, 'smb_app_state_sync');
    expect(await names()).toEqual(['Amélie (library)']);
    await deliver(entry('remove', { phone_number: FROM }), 'smb_app_state_sync');
    expect(await names()).toEqual(['Amélie (library)']);
  });

  it('never overwrites how somebody calls themselves', async () => {
    await deliver(
      { contacts: [CONTACT], messages: [text('wamid.1', 'Hello', { from: FROM, user: null })] },
      'messages',
    );
    await deliver(entry('add', { full_name: 'The library lady', phone_number: FROM }), 'smb_app_state_sync');
    expect(await names()).toEqual(['Amélie Roy']);
  });
});

describe('standby', () => {
  it('is shown in its thread, and neither the bot nor anybody else is asked to answer', async () => {
    await setBot(app, ana, true);
    try {
      expect(await post(app, payload('116-standby.json').toString())).toBe(200);
      await drained(app);
      const conversation = await of('Maren Okafor');
      expect(conversation).toMatchObject({ status: 'resolved', waitingSince: null });
      expect(await thread(conversation.id)).toMatchObject([
        { direction: 'outbound', sender: { type: 'system' }, text: { body: 'I am the automated assistant.' } },
        { direction: 'inbound', origin: 'standby', text: { body: 'is anyone there?' } },
      ]);
      expect(await rows(app, 'select * from outbox')).toEqual([]);
      expect(await rows(app, 'select * from bot_turns')).toEqual([]);
    } finally {
      await setBot(app, ana, false);
    }
  });
});

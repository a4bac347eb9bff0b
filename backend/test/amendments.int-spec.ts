import type { Conversation, Message, MessageList, MessageRevisionList } from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import {
  BASE_SECONDS,
  drained,
  envelope,
  givenTenants,
  handIn,
  post,
  rows,
  text,
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

const arrives = (...messages: object[]) => handIn(app, envelope({ contacts: [CONTACT], messages }));
const change = (wamid: string, seconds: number, part: object) => ({
  ...text(wamid, ''),
  timestamp: String(BASE_SECONDS + seconds),
  ...part,
});
const edit = (wamid: string, of: string, body: string, seconds: number) =>
  change(wamid, seconds, {
    type: 'edit',
    edit: { original_message_id: of, message: { type: 'text', text: { body } } },
  });
const revoke = (wamid: string, of: string, seconds: number) =>
  change(wamid, seconds, { type: 'revoke', revoke: { original_message_id: of } });

async function only(): Promise<Conversation> {
  const { body } = await app.call<{ items: Conversation[] }>(ana, 'GET', '/conversations');
  const [conversation] = body.items;
  if (!conversation || body.items.length !== 1) throw new Error('there is not one conversation');
  return conversation;
}
async function thread(): Promise<Message[]> {
  const { id } = await only();
  const { body } = await app.call<MessageList>(ana, 'GET', `/conversations/${id}/messages`);
  return body.items;
}
const outcomes = async () =>
  (await rows<{ outcome: string }>(app, 'select outcome from webhook_items order by updated_at, ordinal')).map(
    ({ outcome }) => outcome,
  );

describe('what a customer edits', () => {
  it('shows the latest wording in the thread, the list and the search, and everybody is told', async () => {
    await arrives(text('wamid.1', 'the RED atlas'));
    const before = await only();
    await arrives(
      edit('wamid.e2', 'wamid.1', 'the BLUE atlas', 20),
      edit('wamid.e1', 'wamid.1', 'the GREEN atlas', 10),
    );
    const [message] = await thread();
    expect(message).toMatchObject({ text: { body: 'the BLUE atlas' }, status: 'received', seq: 1 });
    expect(message?.editedAt).toBe(new Date((BASE_SECONDS + 20) * 1_000).toISOString());
    const after = await only();
    expect(after).toMatchObject({ lastMessage: { preview: 'the BLUE atlas' }, inboundCount: 1, lastSeq: 1 });
    expect(after.rev).toBeGreaterThan(before.rev);
    expect(after.windowExpiresAt).toBe(before.windowExpiresAt);
    const search = async (words: string) =>
      (await app.call<{ items: unknown[] }>(ana, 'GET', `/conversations?q=${words}`)).body.items.length;
    expect([await search('blue'), await search('red')]).toEqual([1, 0]);
    const events = await rows<{ type: string }>(app, `select type from events where type = 'message.updated'`);
    expect(events).toHaveLength(1);
  });

  it('twice is once, and before its message it waits', async () => {
    const edited = edit('wamid.e', 'wamid.1', 'second', 10);
    await arrives(edited, edited);
    expect(await outcomes()).toEqual(['waiting', 'duplicate']);
    await arrives(text('wamid.1', 'first'), edited);
    const [message] = await thread();
    expect(message?.text?.body).toBe('second');
    expect(await rows(app, 'select jsonb_array_length(revisions) as wordings from messages')).toEqual([
      { wordings: 2 },
    ]);
  });

  it('in one body with its message, and with a reaction to it, has its effect at once', async () => {
    const reaction = change('wamid.x', 1, { type: 'reaction', reaction: { message_id: 'wamid.1', emoji: '👍' } });
    await arrives(reaction, edit('wamid.e', 'wamid.1', 'second', 10), text('wamid.1', 'first'));
    expect(await outcomes()).toEqual(['applied', 'applied', 'applied']);
    const [message] = await thread();
    expect(message).toMatchObject({ text: { body: 'second' }, reactions: [{ emoji: '👍' }] });
    expect((await only()).lastMessage?.preview).toBe('second');
  });

  it('and what names nothing is kept', async () => {
    await arrives({ ...text('wamid.e', ''), type: 'edit', edit: {} }, { ...text('wamid.r', ''), type: 'revoke' });
    expect(await outcomes()).toEqual(['kept', 'kept']);
  });
});

describe('what a customer deletes', () => {
  it('shows nothing of what it said, whatever is edited later', async () => {
    await arrives(text('wamid.1', 'my secret'));
    await arrives(revoke('wamid.r', 'wamid.1', 10));
    await arrives(edit('wamid.e', 'wamid.1', 'another secret', 20));
    const [message] = await thread();
    expect(message?.revokedAt).toBe(new Date((BASE_SECONDS + 10) * 1_000).toISOString());
    expect(JSON.stringify(message)).not.toContain('secret');
    const conversation = await only();
    expect(conversation.lastMessage).toMatchObject({ preview: '', revoked: true });
    const { body } = await app.call<{ items: unknown[] }>(ana, 'GET', '/conversations?q=secret');
    expect(body.items).toEqual([]);
  });

  it('can be read by those who answer for what was said, and by nobody else', async () => {
    await arrives(text('wamid.1', 'my secret'), edit('wamid.e', 'wamid.1', 'my other secret', 5));
    await arrives(revoke('wamid.r', 'wamid.1', 10));
    const [message] = await thread();
    const path = `/conversations/${message?.conversationId ?? ''}/messages/${message?.id ?? ''}/revisions`;
    const supervisor = await app.given.agent({ role: 'supervisor' });
    const { body } = await app.call<MessageRevisionList>(supervisor, 'GET', path);
    expect(body.items.map(({ kind, preview }) => [kind, preview])).toEqual([
      ['original', 'my secret'],
      ['edit', 'my other secret'],
      ['revoke', ''],
    ]);
    const agent = await app.given.agent({ role: 'agent' });
    expect((await app.call(agent, 'GET', path)).status).toBe(403);
    const elsewhere = path.replace(message?.id ?? '', agent.id);
    expect((await app.call(supervisor, 'GET', elsewhere)).status).toBe(404);
  });
});

describe('a reaction from the phone app', () => {
  const reacts = async (id: string, seconds: number, emoji: string | null, target = 'wamid.1') => {
    const echo = {
      from: '12025550134',
      to: FROM,
      to_user_id: `US.${FROM}`,
      id,
      timestamp: String(BASE_SECONDS + seconds),
      type: 'reaction',
      reaction: { message_id: target, ...(emoji === null ? {} : { emoji }) },
    };
    expect(await post(app, envelope({ message_echoes: [echo] }, { field: 'smb_message_echoes' }))).toBe(200);
    await drained(app);
  };
  const reactions = async () =>
    (await thread())[0]?.reactions.map(({ emoji, sender }) => `${emoji} ${sender.type} ${String(sender.id)}`);

  it('stands on the message as the business’s own, once, whatever comes first', async () => {
    await reacts('wamid.e1', 5, '❤️');
    await arrives(text('wamid.1', 'Thank you!'));
    expect(await reactions()).toEqual(['❤️ system null']);
    await reacts('wamid.e1', 5, '❤️');
    await reacts('wamid.e0', 1, '👍');
    expect(await reactions()).toEqual(['❤️ system null']);
    const conversation = await only();
    expect(conversation).toMatchObject({ lastSeq: 1, status: 'open', lastMessage: { preview: 'Thank you!' } });
  });

  it('is taken back, and leaves the customer’s alone', async () => {
    await arrives(text('wamid.1', 'Thank you!'));
    await arrives(change('wamid.x', 1, { type: 'reaction', reaction: { message_id: 'wamid.1', emoji: '🎉' } }));
    await reacts('wamid.e1', 5, '❤️');
    expect(await reactions()).toHaveLength(2);
    await reacts('wamid.e2', 6, null);
    expect((await reactions())?.join()).toMatch(/^🎉 contact/);
  });

  it('takes the place of an agent’s, and an agent’s of it: the business has one', async () => {
    // Inside the window, so that the agent may react as well.
    const ago = Math.floor(Date.now() / 1_000) - BASE_SECONDS - 60;
    await arrives(text('wamid.1', 'Thank you!', { at: BASE_SECONDS + ago }));
    const [message] = await thread();
    await rows(
      app,
      `insert into message_reactions (conversation_id, message_id, actor_type, actor_id, emoji, event_at)
       select conversation_id, id, 'agent', $1, '👍', event_at from messages`,
      [ana.id],
    );
    await reacts('wamid.e1', ago + 5, '❤️');
    expect(await reactions()).toEqual(['❤️ system null']);
    const sent = await app.call(ana, 'POST', `/conversations/${message?.conversationId ?? ''}/messages`, {
      clientMessageId: crypto.randomUUID(),
      type: 'reaction',
      reaction: { messageId: message?.id, emoji: '🙏' },
    });
    expect(sent.status).toBe(201);
    const kept = (await thread()).find(({ id }) => id === message?.id)?.reactions ?? [];
    expect(kept.filter(({ sender }) => sender.type === 'system')).toEqual([]);
  });
});

it('what the phone app edits and deletes of its own is changed too', async () => {
  const echo = (id: string, seconds: number, part: object) => ({
    from: '12025550134',
    to: FROM,
    to_user_id: `US.${FROM}`,
    id,
    timestamp: String(BASE_SECONDS + seconds),
    ...part,
  });
  const said = (body: string) => ({ type: 'text', text: { body } });
  const echoes = (...message_echoes: object[]) =>
    post(app, envelope({ contacts: [CONTACT], message_echoes }, { field: 'smb_message_echoes' }));
  await echoes(echo('wamid.1', 0, said('from the shop')), echo('wamid.2', 1, said('a slip')));
  await drained(app);
  await echoes(
    echo('wamid.e', 5, {
      type: 'edit',
      edit: { original_message_id: 'wamid.1', message: said('from the shop, edited') },
    }),
    echo('wamid.r', 6, { type: 'revoke', revoke: { original_message_id: 'wamid.2' } }),
  );
  await drained(app);
  const [slip, first] = await thread();
  expect(first?.text?.body).toBe('from the shop, edited');
  expect(slip).toMatchObject({ direction: 'outbound' });
  expect(slip?.revokedAt).toBeDefined();
});

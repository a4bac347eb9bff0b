import type { ChannelNotices } from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PayloadSet } from './support/payload-set.js';
import { BASE_SECONDS, envelope, OTHER_PHONE_NUMBER_ID, text, waitFor } from './support/webhook-rig.js';

// What INDEX.md beside the payloads demands of a thread: where something belongs, and what must not be done about it.

const REACTED = 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBJBRkVENzY4QjU2NzUxQjc0NkEA';
const MAREN = 'US.40918837265510472219';
const ECHOED = 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBI1NkRBNUJDQzRDRUQzQzc2MEIA';

let set: PayloadSet;

beforeAll(async () => {
  set = await PayloadSet.start();
});
afterAll(() => set.close());
beforeEach(() => set.empty());

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const withBot = async (test: () => Promise<void>): Promise<void> => {
  await set.setBot(true);
  try {
    await test();
  } finally {
    await set.setBot(false);
  }
};
const botTurns = () => set.sql<{ state: string; reason: string }>('select state, reason from bot_turns');
const ours = () => set.sql(`select 1 from messages where direction = 'outbound' and sender_type = 'bot'`);

describe('a reaction', () => {
  beforeEach(async () => {
    await set.play('001-text-basic');
  });

  it('027-reaction: stands on its target and is no bubble', async () => {
    const { id } = await set.thread();
    await set.sent(REACTED, { conversationId: id });
    const before = await set.cursor();
    await set.play('027-reaction');
    const [, target, ...others] = await set.messages();
    expect(target?.reactions).toMatchObject([{ emoji: '❤️', sender: { type: 'contact', name: 'Maren Okafor' } }]);
    expect(others).toEqual([]);
    expect(await set.thread()).toMatchObject({ inboundCount: 1, unreadCount: 1 });
    await waitFor(async () => (await set.toldSince(before)).includes('message:updated'));
  });

  it.each(['028-reaction-removed', '029-reaction-removed-empty-string'])(
    '%s: takes back that customer’s reaction',
    async (file) => {
      const { id } = await set.thread();
      await set.sent(REACTED, { conversationId: id });
      await set.play('027-reaction', file);
      const [, target] = await set.messages();
      expect(target?.reactions).toEqual([]);
    },
  );

  it('027-reaction: waits for a message that we do not know yet', async () => {
    await set.play('027-reaction');
    expect((await set.outcomes()).at(-1)).toMatchObject({ kind: 'message', outcome: 'waiting' });
    expect(await set.messages()).toHaveLength(1);
  });
});

describe('what was changed', () => {
  it('040-edit-text: shows the new wording and keeps the old one', async () => {
    await set.play('001-text-basic', '040-edit-text');
    const message = await set.message();
    expect(message.text?.body).toBe('Hi! Do you still have the GREEN atlas in stock?');
    expect(message.editedAt).toBe(at(BASE_SECONDS));
    const path = `/conversations/${message.conversationId}/messages/${message.id}/revisions`;
    const { body } = await set.app.call<{ items: { kind: string; preview: string }[] }>(set.admin, 'GET', path);
    expect(body.items).toMatchObject([
      { kind: 'original', preview: 'Hi! Do you still have the blue atlas in stock?' },
      { kind: 'edit', preview: 'Hi! Do you still have the GREEN atlas in stock?' },
    ]);
  });

  it.each(['040-edit-text', '041-revoke'])('%s: of an unknown message it is parked until that comes', async (file) => {
    await set.play(file);
    expect((await set.outcomes()).map(({ outcome }) => outcome)).toEqual(['waiting']);
    expect(await set.threads()).toEqual([]);
    await set.play('001-text-basic');
    await waitFor(async () => (await set.outcomes()).every(({ outcome }) => outcome === 'applied'));
    const { editedAt, revokedAt } = await set.message();
    expect(editedAt ?? revokedAt).toBe(at(BASE_SECONDS));
  });

  it('041-revoke: shows nothing of it, and erases no copy', async () => {
    await set.play('001-text-basic', '041-revoke');
    const message = await set.message();
    expect(message).toMatchObject({ revokedAt: at(BASE_SECONDS) });
    expect(message).not.toHaveProperty('text');
    expect((await set.thread()).lastMessage).toMatchObject({ revoked: true, preview: '' });
    const [kept] = await set.sql<{ original: string }>(`select revisions -> 0 ->> 'body' as original from messages`);
    expect(kept?.original).toBe('Hi! Do you still have the blue atlas in stock?');
  });

  it('049-smb-echo-revoke-edit: changes what the phone app sent, and needs no profile', async () => {
    await set.play('048-smb-echo-text', '049-smb-echo-revoke-edit');
    expect(await set.message()).toMatchObject({ wamid: ECHOED, revokedAt: at(BASE_SECONDS + 51) });
    expect((await set.outcomes()).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'echo applied',
      'revoke applied',
      'edit applied',
    ]);
  });
});

describe('where it belongs', () => {
  it('043-group-text: never lands in the sender’s own thread', async () => {
    await set.play('003-text-forwarded', '043-group-text');
    const threads = await set.threads();
    expect(threads.map(({ kind }) => kind).sort()).toEqual(['direct', 'group']);
    const own = threads.find(({ kind }) => kind === 'direct');
    expect(await set.messages(own?.id)).toHaveLength(1);
    const group = threads.find(({ kind }) => kind === 'group');
    expect(await set.messages(group?.id)).toMatchObject([
      { sender: { name: 'Idris Vale' }, text: { body: 'Can the group meet at six?' } },
    ]);
  });

  it('130-two-entries-two-wabas: each goes to its own number, and one that fails loses nothing of the other', async () => {
    await set.play('130-two-entries-two-wabas');
    const threads = await set.threads();
    const other = await set.channelId(OTHER_PHONE_NUMBER_ID);
    expect(threads).toHaveLength(2);
    expect(threads.find(({ channel }) => channel.id === other)).toMatchObject({
      contact: { name: 'Idris Vale' },
      lastMessage: { preview: 'to Tideway' },
    });
  });

  it('131-two-numbers-one-entry: one customer, a thread and a window for each number', async () => {
    await set.play('131-two-numbers-one-entry');
    expect(await set.contacts()).toHaveLength(1);
    const threads = await set.threads();
    expect(new Set(threads.map(({ channel }) => channel.id)).size).toBe(2);
    expect(threads.map(({ windowExpiresAt }) => windowExpiresAt)).not.toContain(null);
  });

  it('173-same-id-two-numbers: an id is known on its number alone', async () => {
    await set.play('173-same-id-two-numbers');
    const previews = (await set.threads()).map(({ lastMessage }) => lastMessage?.preview);
    expect(previews.sort()).toEqual(['for A', 'for B']);
  });

  it('133-duplicate-ids-same-post: is one message and one turn of the bot', () =>
    withBot(async () => {
      await set.play('133-duplicate-ids-same-post');
      expect(await set.messages()).toHaveLength(1);
      expect((await set.outcomes()).map(({ outcome }) => outcome)).toEqual(['applied', 'duplicate', 'duplicate']);
      await waitFor(async () => (await botTurns()).length > 0, 'the turn');
      expect(await botTurns()).toHaveLength(1);
    }));

  it('117-messaging-handovers: the number is found by its recipient', async () => {
    await set.play('117-messaging-handovers');
    expect(await set.sql('select channel_id as id from webhook_items')).toEqual([{ id: await set.channelId() }]);
    expect((await set.outcomes()).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'messaging_handovers kept',
    ]);
  });
});

describe('what others sent from the number', () => {
  it('048-smb-echo-text: is ours, by the phone; no window, nobody waits, no status is looked for', async () => {
    await set.play('048-smb-echo-text');
    expect(await set.message()).toMatchObject({
      direction: 'outbound',
      sender: { type: 'system' },
      status: 'sent',
      text: { body: 'Sent from the shop phone' },
      sentAt: at(BASE_SECONDS + 50),
    });
    expect(await set.thread()).toMatchObject({ windowExpiresAt: null, waitingSince: null, unreadCount: 0 });
    expect(await set.sql('select 1 from outbox')).toEqual([]);
  });

  it('122-message-echoes: is outbound by another sender', async () => {
    await set.play('122-message-echoes');
    expect(await set.message()).toMatchObject({ direction: 'outbound', sender: { type: 'system' }, type: 'image' });
    expect(await set.thread()).toMatchObject({ windowExpiresAt: null, waitingSince: null });
  });

  it('116-standby: takes no thread over and is told to nobody as work', () =>
    withBot(async () => {
      await set.play('116-standby');
      expect(await set.thread()).toMatchObject({ status: 'resolved', waitingSince: null });
      expect([...(await botTurns()), ...(await ours()), ...(await set.sql('select 1 from outbox'))]).toEqual([]);
      expect(await set.sql('select 1 from notifications')).toEqual([]);
    }));
});

describe('the history of the phone', () => {
  it('051-history-chunk: no bot, no notification, no window, nothing unread', () =>
    withBot(async () => {
      await set.play('051-history-chunk');
      const threads = await set.threads();
      expect(threads).toHaveLength(2);
      for (const thread of threads) {
        expect(thread).toMatchObject({ status: 'resolved', windowExpiresAt: null, waitingSince: null, unreadCount: 0 });
      }
      const [solveig] = threads.filter(({ contact }) => contact.phone === '+33639980011');
      expect((await set.messages(solveig?.id)).map(({ direction, status, type }) => [direction, status, type])).toEqual(
        [
          ['outbound', 'read', 'text'],
          ['inbound', 'received', 'text'],
          ['outbound', 'played', 'unsupported'],
        ],
      );
      const untouched = ['bot_turns', 'notifications', 'outbox', 'cases'];
      for (const table of untouched) expect(await set.sql(`select 1 from ${table}`), table).toEqual([]);
    }));

  it('052-history-media-followup: takes its placeholder’s place, whatever its hash is written in', async () => {
    await set.play('051-history-chunk', '052-history-media-followup');
    const [solveig] = (await set.threads()).filter(({ contact }) => contact.phone === '+33639980011');
    expect(await set.messages(solveig?.id)).toMatchObject([
      {},
      {},
      { type: 'image', direction: 'outbound', status: 'played', media: { caption: 'Rayon cartes' } },
    ]);
    const hash = '9c1185a5c5e9fc54612808977ee8f548b2258d31bf9c5f2f7f8a1f2f7f0e55aa';
    const files = await set.sql(`select announced_sha256 as hash from media_files where graph_id = '7612004400000052'`);
    expect(files).toEqual([{ hash }]);
  });
});

describe('calls', () => {
  it('054-calls-connect: opens the window as a message does', async () => {
    await set.play('054-calls-connect');
    expect(await set.thread()).toMatchObject({
      windowExpiresAt: at(BASE_SECONDS + 24 * 3_600),
      contact: { name: 'Maren Okafor' },
    });
    expect(await set.messages()).toEqual([]);
    expect(await set.lines()).toEqual(['opened', 'call']);
  });

  it('055-calls-terminate: says how long they talked, on the same line', async () => {
    await set.play('054-calls-connect', '055-calls-terminate');
    expect(await set.lines()).toEqual(['opened', 'call']);
    expect((await set.thread()).lastCall).toMatchObject({ direction: 'inbound', outcome: 'answered', seconds: 37 });
  });

  it('056-calls-status: is no status of a message', async () => {
    await set.play('056-calls-status');
    expect(await set.sql('select 1 from message_statuses')).toEqual([]);
    expect((await set.outcomes()).map(({ kind }) => kind)).toEqual(['calls']);
    expect(await set.lines()).toEqual(['call']);
  });
});

describe('what is said of the number', () => {
  it('059-errors-only: is a notice of the number, and neither message nor status', async () => {
    await set.play('059-errors-only');
    const id = await set.channelId();
    const { body } = await set.app.call<ChannelNotices>(set.admin, 'GET', `/channels/${id}/notices`);
    expect(body.items).toMatchObject([{ code: 130_429, title: 'Rate limit hit' }]);
    expect([...(await set.threads()), ...(await set.sql('select 1 from message_statuses'))]).toEqual([]);
  });
});

describe('what comes late', () => {
  it('175-redelivery-late: is stored with its time, its window is over and nobody answers by itself', () =>
    withBot(async () => {
      await set.play('175-redelivery-late');
      const message = await set.message();
      const { windowExpiresAt } = await set.thread();
      expect(Date.parse(windowExpiresAt ?? '')).toBe(Date.parse(message.createdAt) + 24 * 3_600_000);
      expect(Date.parse(windowExpiresAt ?? '')).toBeLessThan(BASE_SECONDS * 1_000);
      await waitFor(async () => (await botTurns()).some(({ state }) => state === 'skipped'), 'the turn');
      expect(await botTurns()).toMatchObject([{ reason: 'too_old' }]);
      expect(await ours()).toEqual([]);
    }));

  it('141-batch-200-messages: all are stored, each thread in the order of time', async () => {
    await set.play('141-batch-200-messages');
    const threads = await set.threads();
    expect(threads).toHaveLength(3);
    expect(threads.reduce((sum, { inboundCount }) => sum + inboundCount, 0)).toBe(200);
    const [thread] = threads;
    const { body } = await set.app.call<{ items: { createdAt: string; seq: number }[] }>(
      set.admin,
      'GET',
      `/conversations/${thread?.id ?? ''}/messages?limit=50`,
    );
    const shown = body.items.map(({ createdAt, seq }) => [createdAt, seq] as const);
    expect(shown).toEqual(shown.toSorted(([a, m], [b, n]) => b.localeCompare(a) || n - m));
  });

  it('174-reaction-and-status-orphans: both are parked', async () => {
    await set.play('174-reaction-and-status-orphans');
    expect((await set.outcomes()).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'message waiting',
      'status waiting',
    ]);
    await set.post(envelope({ messages: [text('wamid.UNKNOWNTARGET', 'here it is', { user: MAREN })] }));
    await waitFor(async () => (await set.message()).reactions.length === 1, 'the reaction on its message');
  });
});

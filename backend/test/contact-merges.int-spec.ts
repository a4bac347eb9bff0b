import type { Conversation, ContactMerge, ContactMergeList, MessageList } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../src/common/ids.js';
import { ContactMergeSweeper } from '../src/conversations/merging/contact-merge.sweeper.js';
import { ContactMergesRepository } from '../src/conversations/merging/contact-merges.repository.js';
import { MessageStatusesRepository } from '../src/conversations/statuses/message-statuses.repository.js';
import type { FakeAnswer } from './support/fake-graph.js';
import { LiveClient } from './support/live-client.js';
import { OutboundRig } from './support/outbound-rig.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';
import { drained, envelope, post } from './support/webhook-rig.js';

describe('merging contacts', () => {
  let rig: OutboundRig;
  let admin: TestAgent;
  let other: TestApp | null = null;
  let release: (() => void) | null = null;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    admin = await rig.app.given.agent({ role: 'admin' });
  });
  afterEach(() => {
    release?.();
    rig.graph.answer = () => 'ok';
    vi.restoreAllMocks();
  });
  afterAll(async () => {
    await other?.close();
    await rig.close();
  });

  const contactOf = async (conversationId: string): Promise<string> => {
    const [row] = await rig.sql<{ id: string }>('select contact_id as id from conversations where id = $1', [
      conversationId,
    ]);
    return row?.id ?? '';
  };
  /** Notes a merge of the customers of two threads. */
  const noted = async (fromThread: string, intoThread: string, over: { reason?: string; state?: string } = {}) => {
    const id = newId();
    await rig.sql(
      `insert into contact_merges (id, from_contact_id, into_contact_id, reason, state) values ($1, $2, $3, $4, $5)`,
      [
        id,
        await contactOf(fromThread),
        await contactOf(intoThread),
        over.reason ?? 'previous_user_id',
        over.state ?? 'noted',
      ],
    );
    return id;
  };
  const merge = async (id: string) => {
    const [row] = await rig.sql<{ state: string; error: string | null; attempts: number }>(
      'select state, error, attempts from contact_merges where id = $1',
      [id],
    );
    if (!row) throw new Error('no such merge');
    return row;
  };
  const sweep = (app: TestApp = rig.app) => app.app.get(ContactMergeSweeper, { strict: false }).sweep();
  const done = async (id: string) => {
    await sweep();
    await waitFor(async () => (await merge(id)).state === 'done', 'the merge to be done');
  };
  const merged = async (fromThread: string, intoThread: string) => done(await noted(fromThread, intoThread));
  const get = async (id: string) => (await rig.app.call<Conversation>(rig.ana, 'GET', `/conversations/${id}`)).body;
  const bodies = async (id: string) =>
    (await rig.sql<{ body: string }>('select body from messages where conversation_id = $1 order by seq', [id])).map(
      ({ body }) => body,
    );
  /** Gap-free, every count as the rows say, nothing left behind. */
  const expectWhole = async (survivor: string, younger: string) => {
    const [row] = await rig.sql<Record<string, unknown>>(
      `select c.merged_into_id, c.last_seq = (select count(*) from messages where conversation_id = c.id) as gapless,
         c.last_seq = (select max(seq) from messages where conversation_id = c.id) as ends,
         c.inbound_count = (select count(*) from messages where conversation_id = c.id and direction = 'inbound') as counted,
         c.last_message_id = (select id from messages where conversation_id = c.id order by seq desc limit 1) as last,
         c.last_inbound_seq = (select max(seq) from messages where conversation_id = c.id and direction = 'inbound') as asked,
         (select bool_and(inbound_number = n) from (
            select inbound_number, count(*) filter (where direction = 'inbound') over (order by seq) as n
            from messages where conversation_id = c.id) numbered) as numbered,
         (select count(*) from messages m left join contacts p on p.id = m.sender_id
          where m.conversation_id = c.id and m.sender_type = 'contact' and m.sender_id <> c.contact_id) as strangers
       from conversations c where c.id = $1`,
      [survivor],
    );
    expect(row).toEqual({
      merged_into_id: null,
      gapless: true,
      ends: true,
      counted: true,
      last: true,
      asked: true,
      numbered: true,
      strangers: 0,
    });
    for (const table of [
      'messages',
      'cases',
      'timeline_entries',
      'notes',
      'drafts',
      'bot_turns',
      'outbox',
      'read_cursors',
      'read_receipts',
      'send_attempts',
      'message_reactions',
      'conversation_undos',
    ] as const) {
      expect([table, await rig.sql(`select 1 as left from ${table} where conversation_id = $1`, [younger])]).toEqual([
        table,
        [],
      ]);
    }
    expect(
      await rig.sql(
        `select k.wamid from messages m left join message_keys k on k.channel_id = m.channel_id and k.wamid = m.wamid
           and k.conversation_id = m.conversation_id and k.message_id = m.id
         where m.conversation_id = $1 and m.direction = 'outbound' and m.wamid is not null and k.wamid is null`,
        [survivor],
      ),
    ).toEqual([]);
  };
  const hold = () => {
    const held = new Promise<void>((resolve) => (release = resolve));
    rig.graph.answer = async (): Promise<FakeAnswer> => {
      await held;
      return 'ok';
    };
  };

  it('puts the younger thread behind the older one’s end, with all that belongs to it', async () => {
    const older = await rig.thread({ inbound: ['one', 'two'] });
    const younger = await rig.thread({ inbound: ['three'] });
    const answered = await rig.sent(younger, 'four');
    await rig.becomes(answered, 'accepted');
    const path = `/conversations/${younger}`;
    await rig.app.call(rig.ana, 'PUT', `${path}/drafts/reply`, { body: 'unsent', basedOn: 0 });
    await rig.app.call(rig.ana, 'POST', `${path}/notes`, {
      clientNoteId: randomUUID(),
      body: 'n',
      mentions: [admin.id],
    });
    await rig.app.call(rig.ana, 'POST', `${path}/read`, { messageId: answered });
    await rig.app.call(rig.ana, 'POST', `${path}/tags`, { add: ['vip'], remove: [] });
    await rig.sql(`update contacts set attributes = '{"plan":"pro"}' where id = $1`, [await contactOf(older)]);
    const [first] = await rig.sql<{ id: string; rev: number }>(
      'select id, rev from messages where conversation_id = $1 and seq = 1',
      [younger],
    );
    await rig.sql(`insert into message_reactions values ($1, $2, 'contact', $3, '👍', 'wamid.R', app_now())`, [
      younger,
      answered,
      await contactOf(younger),
    ]);
    const into = await contactOf(younger);

    await merged(older, younger);

    await expectWhole(older, younger);
    expect(await bodies(older)).toEqual(['one', 'two', 'three', 'four']);
    expect(await get(older)).toMatchObject({
      id: older,
      status: 'open',
      assignee: { id: rig.ana.id },
      contact: { id: into },
      tags: ['vip'],
      lastSeq: 4,
      lastMessage: { id: answered },
    });
    // The old name is as good as the new one, whatever is asked for.
    expect(await get(younger)).toMatchObject({ id: older });
    const thread = (await rig.app.call<MessageList>(rig.ana, 'GET', `${path}/messages`)).body;
    expect(thread.items.map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
    expect(thread.items[0]?.reactions).toMatchObject([{ emoji: '👍', sender: { id: into } }]);
    expect(thread.timeline.at(-1)).toMatchObject({ kind: 'merged', actor: { type: 'system' }, afterSeq: 4 });
    expect(thread.notes).toMatchObject([{ body: 'n', afterSeq: 4 }]);
    expect(await rig.sql('select number from cases where conversation_id = $1 order by number', [older])).toEqual([
      { number: 1 },
      { number: 2 },
    ]);
    expect(
      await rig.sql(
        `select c.case_id = k.id as current, k.resolved_at is null as open from cases k
        join conversations c on c.id = k.conversation_id where k.conversation_id = $1 order by number`,
        [older],
      ),
    ).toEqual([
      { current: true, open: true },
      { current: false, open: false },
    ]);
    expect(await rig.message(first?.id ?? '')).toMatchObject({ rev: (first?.rev ?? 0) + 1 });
    expect(await rig.sql('select body from drafts where conversation_id = $1', [older])).toEqual([{ body: 'unsent' }]);
    // Ana had read nothing of the older thread, so what came behind it is not read either.
    expect(await rig.sql('select seq from read_cursors where conversation_id = $1', [older])).toEqual([]);
    expect(
      await rig.sql(
        `select i.contact_id = $1 as moved, p.attributes from contact_identities i join contacts p on p.id = i.contact_id
         where i.contact_id in (select $1::uuid union select id from contacts where merged_into_id = $1)`,
        [into],
      ),
    ).toEqual([
      { moved: true, attributes: { plan: 'pro' } },
      { moved: true, attributes: { plan: 'pro' } },
    ]);
    expect(await rig.sql('select agent_id from note_mentions where conversation_id = $1', [older])).toEqual([
      { agent_id: admin.id },
    ]);
  });

  it('moves the read cursor of whoever had read the survivor to its end', async () => {
    const [older, younger] = [await rig.thread(), await rig.thread()];
    const read = (id: string, messageId: string) =>
      rig.app.call(rig.ana, 'POST', `/conversations/${id}/read`, { messageId });
    await read(older, await rig.customerWrites(older, 'a'));
    await read(younger, await rig.customerWrites(younger, 'b'));
    await rig.customerWrites(younger, 'c');
    await merged(younger, older);
    expect(await get(older)).toMatchObject({ unreadCount: 1, readSeq: 2, lastSeq: 3 });
  });

  it('hands a thread over where there is no other, and follows merges of merges on both sides', async () => {
    const channel = await rig.app.given.channel();
    const [a, b, c] = [
      await rig.thread({ inbound: ['a'] }),
      await rig.thread({ inbound: ['b'] }),
      await rig.thread({ inbound: ['c'], channelId: channel.id }),
    ];
    const [contactA, contactB, contactC] = [await contactOf(a), await contactOf(b), await contactOf(c)];
    const before = await get(c);
    await merged(c, b);
    expect(await get(c)).toMatchObject({ contact: { id: contactB }, version: before.version });
    expect((await get(c)).rev).toBeGreaterThan(before.rev);
    await merged(b, a);
    // By their first names: both have become part of others since.
    const id = newId();
    await rig.sql(`insert into contact_merges values ($1, $2, $3, 'previous_user_id')`, [id, contactC, contactA]);
    await done(id);
    expect([await contactOf(a), await contactOf(c)]).toEqual([contactA, contactA]);
    expect(await bodies(a)).toEqual(['a', 'b']);
    const d = await rig.thread({ inbound: ['d'] });
    await rig.sql(`update conversations set created_at = '2020-01-01' where id = $1`, [d]);
    await merged(a, d);
    expect(await bodies(d)).toEqual(['d', 'a', 'b']);
    expect(await get(b)).toMatchObject({ id: d });
  });

  it('is done by one of two instances, once', async () => {
    other ??= await startTestApp({ sharing: rig.app });
    const [older, younger] = [await rig.thread({ inbound: ['a'] }), await rig.thread({ inbound: ['b'] })];
    const id = await noted(younger, older);
    await Promise.all([sweep(), sweep(other)]);
    await done(id);
    await expectWhole(older, younger);
    const lines = await rig.sql(`select kind from timeline_entries where conversation_id = $1 and kind = 'merged'`, [
      older,
    ]);
    expect(lines).toHaveLength(1);
  });

  it('is done whole or not at all; one that fails says why and holds up no other', async () => {
    const [older, younger] = [await rig.thread({ inbound: ['a'] }), await rig.thread({ inbound: ['b'] })];
    const [sound, twin] = [await rig.thread({ inbound: ['c'] }), await rig.thread({ inbound: ['d'] })];
    const repositories = [rig.app, ...(other ? [other] : [])].map(({ app }) =>
      app.get(ContactMergesRepository, { strict: false }),
    );
    let broken = '';
    for (const repository of repositories) {
      const settle = repository.settle.bind(repository);
      vi.spyOn(repository, 'settle').mockImplementation(async (tx, id, state) => {
        if (id === broken) throw new Error('the power went out');
        return settle(tx, id, state);
      });
    }
    broken = newId();
    await rig.sql(`insert into contact_merges values ($1, $2, $3, 'previous_user_id')`, [
      broken,
      await contactOf(younger),
      await contactOf(older),
    ]);
    await merged(twin, sound);
    await waitFor(async () => (await merge(broken)).attempts > 0);
    expect(await merge(broken)).toMatchObject({ state: 'noted', error: 'Error: the power went out' });
    expect([await bodies(older), await bodies(younger)]).toEqual([['a'], ['b']]);
    expect(await get(younger)).toMatchObject({ id: younger });
    vi.restoreAllMocks();
    await rig.sql('update contact_merges set next_at = app_now() where id = $1', [broken]);
    await done(broken);
    await expectWhole(older, younger);
  });

  it('waits for a send that is under way, and what is asked for by the old name goes on', async () => {
    const [older, younger] = [await rig.thread({ inbound: ['a'] }), await rig.thread({ inbound: ['b'] })];
    hold();
    const clientMessageId = randomUUID();
    const sent = await rig.sent(younger, 'on its way', { clientMessageId });
    const queued = await rig.sent(younger, 'behind it');
    await rig.becomes(sent, 'sending');
    const id = await noted(younger, older);
    await sweep();
    await waitFor(async () => (await merge(id)).error !== null);
    expect(await merge(id)).toMatchObject({ state: 'noted', attempts: 0 });
    expect(await get(younger)).toMatchObject({ id: younger });
    release?.();
    await rig.becomes(queued, 'accepted');
    await rig.sql('update contact_merges set next_at = app_now() where id = $1', [id]);
    await done(id);
    await expectWhole(older, younger);
    const repeated = await rig.send(younger, 'on its way', { clientMessageId });
    expect(repeated).toMatchObject({ status: 200, body: { id: sent, conversationId: older } });
    const anew = await rig.sent(younger, 'by the old name');
    await rig.becomes(anew, 'accepted');
    expect(await bodies(older)).toEqual(['a', 'b', 'on its way', 'behind it', 'by the old name']);
  });

  it('sends what was queued in both, the survivor’s first', async () => {
    const [older, younger] = [await rig.thread({ inbound: ['a'] }), await rig.thread({ inbound: ['b'] })];
    await rig.sql(`update channels set sending_state = 'stopped'`);
    const second = await rig.sent(younger, 'second');
    await rig.sent(older, 'first');
    await merged(younger, older);
    await rig.sql(`update channels set sending_state = 'ok'`);
    await rig.sweep();
    await rig.becomes(second, 'accepted');
    expect(rig.graph.of(older).map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('moves the tick of a message by a status with the old callback data', async () => {
    rig.graph.answer = () => 'reset';
    const [older, younger] = [await rig.thread({ inbound: ['a'] }), await rig.thread({ inbound: ['b'] })];
    const message = await rig.sent(younger, 'who knows');
    await rig.becomes(message, 'unknown');
    const [send] = rig.graph.of(younger);
    await merged(younger, older);
    const statuses = rig.app.app.get(MessageStatusesRepository, { strict: false });
    await rig.app.database.transaction(async (tx) => {
      const heads = await statuses.upsert(tx, [
        {
          channelId: rig.channel.id,
          wamid: send?.wamid ?? '',
          participant: '',
          times: { delivered: new Date() },
          errors: null,
          pricing: null,
          others: null,
          callback: { conversationId: younger, messageId: message, attempt: 1 },
        },
      ]);
      await statuses.applyToMessages(tx, heads);
    });
    expect(await rig.message(message)).toMatchObject({ status: 'delivered', wamid: send?.wamid });
    await expectWhole(older, younger);
  });

  it('loses no message of the customer who goes on writing to both, and no claim', async () => {
    const threads = [await rig.thread({ inbound: ['a'] }), await rig.thread({ inbound: ['b'] })];
    const [older = '', younger = ''] = threads;
    const phones = await rig.sql<{ id: string; phone: string }>(
      'select c.id, p.phone from conversations c join contacts p on p.id = c.contact_id where c.id = any($1)',
      [threads],
    );
    const wamids: string[] = [];
    const write = (phone: string) => {
      const id = `wamid.${randomUUID()}`;
      wamids.push(id);
      const now = String(Math.floor(Date.now() / 1_000));
      const message = { from: phone, id, timestamp: now, type: 'text', text: { body: 'more' } };
      return post(rig.app, envelope({ messages: [message] }, { phoneNumberId: rig.channel.phoneNumberId }));
    };
    const writing = (async () => {
      for (let round = 0; round < 12; round += 1) await Promise.all(phones.map(({ phone }) => write(phone)));
    })();
    const id = await noted(younger, older);
    const claims = Promise.all(
      threads.map((thread) => rig.app.call<{ id?: string }>(rig.ana, 'POST', `/conversations/${thread}/claim`)),
    );
    await Promise.all([writing, sweep(), sweep(), claims]);
    await done(id);
    await drained(rig.app);
    expect((await claims).map(({ status }) => status)).toEqual([200, 200]);
    await expectWhole(older, younger);
    const stored = await rig.sql('select 1 as found from messages where conversation_id = $1 and wamid = any($2)', [
      older,
      wamids,
    ]);
    expect(stored).toHaveLength(wamids.length);
    expect(await get(older)).toMatchObject({ status: 'open', assignee: { id: rig.ana.id } });
  });

  it('tells those who could see the younger thread, and nothing of it comes after', async () => {
    const [older, younger] = [await rig.thread({ inbound: ['a'] }), await rig.thread({ inbound: ['b'] })];
    const [client, away] = [new LiveClient(rig.app.url, rig.ana.token), new LiveClient(rig.app.url, rig.ana.token)];
    await Promise.all([client.ready(), away.ready()]);
    const { cursor } = away;
    away.close();
    await rig.customerWrites(younger, 'c');
    await merged(younger, older);
    // What other threads were merged into each other just before may still be on its way to a new client.
    const isTheirs = ({ type, payload }: (typeof client.events)[number]) =>
      type === 'conversation:merged' && payload.from === younger;
    await waitFor(() => client.events.some(isTheirs));
    await waitFor(() => client.ids('conversation:updated').includes(older));
    const resumed = await new LiveClient(rig.app.url, rig.ana.token, { cursor }).ready();
    for (const { events } of [client, resumed]) {
      expect(events.find(isTheirs)?.payload).toEqual({ from: younger, into: older });
      const after = events.slice(events.findLastIndex(isTheirs) + 1);
      const updated = after.flatMap(({ type, payload }) => (type === 'conversation:updated' ? [payload.id] : []));
      expect(updated).toContain(older);
      expect(updated).not.toContain(younger);
    }
    client.close();
    resumed.close();
  });

  describe('that are offered', () => {
    const offered = async () => {
      const [older, younger] = [await rig.thread({ inbound: ['a'] }), await rig.thread({ inbound: ['b'] })];
      return { older, younger, id: await noted(younger, older, { reason: 'parent_bsuid', state: 'offered' }) };
    };
    const decide = (id: string, what: 'accept' | 'refuse') =>
      rig.app.call<ContactMerge & { code?: string }>(admin, 'POST', `/contact-merges/${id}/${what}`);

    it('are carried out once an admin accepts, in the admin’s name', async () => {
      const { older, younger, id } = await offered();
      const list = await rig.app.call<ContactMergeList>(admin, 'GET', '/contact-merges');
      expect(list.body.items.find((item) => item.id === id)).toMatchObject({
        state: 'offered',
        from: { conversationIds: [younger] },
        into: { conversationIds: [older] },
      });
      expect(await decide(id, 'accept')).toMatchObject({ status: 200, body: { decidedBy: { id: admin.id } } });
      await done(id);
      expect(await decide(id, 'accept')).toMatchObject({ status: 200, body: { state: 'done' } });
      expect(await decide(id, 'refuse')).toMatchObject({ status: 409, body: { code: 'contact_merge.settled' } });
      const { timeline } = (await rig.app.call<MessageList>(rig.ana, 'GET', `/conversations/${older}/messages`)).body;
      expect(timeline.at(-1)).toMatchObject({ kind: 'merged', actor: { type: 'agent', id: admin.id } });
    });

    it('stay two when an admin refuses', async () => {
      const { younger, id } = await offered();
      expect(await decide(id, 'refuse')).toMatchObject({ status: 200, body: { state: 'refused' } });
      expect(await decide(id, 'accept')).toMatchObject({ status: 409 });
      await sweep();
      expect(await get(younger)).toMatchObject({ id: younger });
      expect(await decide(randomUUID(), 'accept')).toMatchObject({ status: 404 });
    });

    it('are what remains of a note about a number whose owner has an id of their own by now', async () => {
      const [older, younger] = [await rig.thread(), await rig.thread()];
      for (const thread of [older, younger]) {
        await rig.sql(`insert into contact_identities values ('bsuid', 'p', $1, $2)`, [
          thread,
          await contactOf(thread),
        ]);
      }
      const id = await noted(younger, older, { reason: 'number_without_bsuid' });
      await sweep();
      await waitFor(async () => (await merge(id)).state === 'offered');
      expect(await get(younger)).toMatchObject({ id: younger });
    });
  });
});

import type { Conversation, ConversationCounts, ConversationList, MessageList, Problem } from '@parley/contract';
import {
  conversationCountsSchema,
  conversationListSchema,
  conversationSchema,
  messageListSchema,
  problemSchema,
} from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../src/common/ids.js';
import { query } from '../src/database/database.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';

describe('conversations over HTTP', () => {
  let test: TestApp;
  let ana: TestAgent;
  let ben: TestAgent;
  let channelId: string;
  let id: string;
  let messageId: string;

  beforeAll(async () => {
    test = await startTestApp();
    ana = await test.given.agent({ name: 'Ana' });
    ben = await test.given.agent({ name: 'Ben' });
    channelId = (await test.given.channel()).id;
  });
  afterAll(() => test.close());

  beforeEach(async () => {
    const contactId = newId();
    [id, messageId] = [newId(), newId()];
    const { pool } = test.database;
    await query(pool, `insert into contacts (id, name, phone) values ($1, 'Maria', '5511987654321')`, [contactId]);
    await query(
      pool,
      `insert into conversations (id, channel_id, contact_id, status, last_activity_at, last_seq, inbound_count,
         last_inbound_seq, last_message_id)
       values ($1, $2, $3, 'open', now(), 1, 1, 1, $4)`,
      [id, channelId, contactId, messageId],
    );
    await query(
      pool,
      `insert into messages (conversation_id, id, channel_id, seq, direction, sender_type, sender_id, type, body, content,
         status, event_at, event_second, inbound_number, wamid)
       values ($1, $2, $3, 1, 'inbound', 'contact', $4, 'text', 'Hello', '{"text": {"body": "Hello"}}', 'received',
         now(), 1, 1, 'wamid.' || $5)`,
      [id, messageId, channelId, contactId, messageId],
    );
  });

  const at = (path = '') => `/conversations/${id}${path}`;

  it('answers in the shapes of the contract', async () => {
    const one = await test.call<Conversation>(ana, 'GET', at());
    expect(conversationSchema.parse(one.body)).toEqual(one.body);
    expect(one.body).toMatchObject({
      unreadCount: 1,
      contact: { phone: '+5511987654321' },
      lastMessage: { preview: 'Hello' },
    });
    const list = await test.call<ConversationList>(
      ana,
      'GET',
      '/conversations?status=open&assignee=none&limit=1&q=maria',
    );
    expect(conversationListSchema.parse(list.body)).toEqual(list.body);
    const counts = await test.call<ConversationCounts>(ana, 'GET', '/conversations/counts');
    expect(conversationCountsSchema.parse(counts.body)).toEqual(counts.body);
    const messages = await test.call<MessageList>(ana, 'GET', at('/messages?limit=5'));
    expect(messageListSchema.parse(messages.body)).toEqual(messages.body);
    expect(messages.body.items).toMatchObject([{ id: messageId, text: { body: 'Hello' }, sender: { name: 'Maria' } }]);
  });

  it('plays the life of a conversation', async () => {
    const act = async (agent: TestAgent, action: string, body?: unknown) => {
      const answer = await test.call<Conversation>(agent, 'POST', at(`/${action}`), body);
      return { status: answer.status, body: answer.body };
    };
    expect(await act(ana, 'claim')).toMatchObject({
      status: 200,
      body: { assignee: { name: 'Ana' }, handler: 'agent' },
    });
    expect(await act(ana, 'claim', {})).toMatchObject({ status: 200 });
    expect(await act(ben, 'claim')).toMatchObject({
      status: 409,
      body: { code: 'conversation.already_claimed', assignee: { id: ana.id, name: 'Ana' } },
    });
    expect(await act(ben, 'resolve')).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    expect(await act(ana, 'snooze', { until: '2020-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', fields: [{ path: 'until' }] },
    });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect(await act(ana, 'snooze', { until })).toMatchObject({ status: 200, body: { snoozedUntil: until } });
    expect(await act(ana, 'assign', { agentId: ben.id, expectedVersion: 1 })).toMatchObject({
      status: 409,
      body: { code: 'conversation.version_conflict', conversation: { id, status: 'snoozed' } },
    });
    expect(await act(ana, 'assign', { agentId: ben.id })).toMatchObject({
      status: 200,
      body: { status: 'open', assignee: { name: 'Ben' } },
    });
    expect(await act(ben, 'resolve')).toMatchObject({ status: 200, body: { status: 'resolved', assignee: null } });
    expect(await act(ben, 'resolve')).toMatchObject({ status: 409, body: { code: 'conversation.invalid_transition' } });
    expect(await act(ben, 'reopen')).toMatchObject({
      status: 200,
      body: { status: 'open', assignee: { name: 'Ben' } },
    });
    expect(await act(ben, 'release')).toMatchObject({ status: 200, body: { assignee: null, handler: 'queue' } });
    const { body } = await test.call<MessageList>(ana, 'GET', at('/messages'));
    expect(body.timeline.map((line) => line.kind)).toEqual([
      'claimed',
      'snoozed',
      'assigned',
      'resolved',
      'reopened',
      'released',
    ]);
  });

  it('marks as read', async () => {
    expect(await test.call(ana, 'POST', at('/read'), { messageId })).toMatchObject({ status: 204, body: null });
    expect((await test.call<Conversation>(ana, 'GET', at())).body).toMatchObject({ unreadCount: 0, readSeq: 1 });
    expect((await test.call<Conversation>(ben, 'GET', at())).body).toMatchObject({ unreadCount: 1, readSeq: 0 });
  });

  it('marks as unread again, for the caller alone, until it is read anew', async () => {
    await test.call(ana, 'POST', at('/read'), { messageId });
    expect((await test.call<Conversation>(ana, 'POST', at('/unread'))).body).toMatchObject({
      id,
      unreadCount: 1,
      readSeq: 0,
      readRewinds: 1,
    });
    expect(await test.call(ana, 'POST', at('/read'), { messageId, rewinds: 0 })).toMatchObject({ status: 204 });
    expect((await test.call<Conversation>(ana, 'GET', at())).body).toMatchObject({ unreadCount: 1 });
    expect(await test.call(ana, 'POST', at('/read'), { messageId, rewinds: 1 })).toMatchObject({ status: 204 });
    expect((await test.call<Conversation>(ana, 'GET', at())).body).toMatchObject({ unreadCount: 0, readSeq: 1 });
    expect((await test.call<Conversation>(ben, 'GET', at())).body).toMatchObject({ unreadCount: 1, readRewinds: 0 });
    expect((await test.call(ana, 'POST', at('/read'), { messageId, rewinds: -1 })).status).toBe(400);
  });

  it.each([
    ['GET', '/conversations?status=closed', 400],
    ['GET', '/conversations?assignee=somebody', 400],
    ['GET', '/conversations?limit=0', 400],
    ['GET', '/conversations?cursor=abc', 400],
    ['GET', '/conversations/not-an-id', 400],
    ['GET', `/conversations/${newId()}`, 404],
    ['GET', `/conversations/${newId()}/messages`, 404],
    ['POST', `/conversations/${newId()}/claim`, 404],
    ['POST', `/conversations/${newId()}/release`, 404],
  ])('%s %s is refused with %i', async (method, path, status) => {
    const answer = await test.call<Problem>(ana, method, path);
    expect(answer.status).toBe(status);
    expect(problemSchema.parse(answer.body).code).toBe(status === 404 ? 'conversation.not_found' : 'request.invalid');
  });

  it('refuses fields that nobody asked for, and people who are not signed in', async () => {
    const extra = await test.call<Problem>(ana, 'POST', at('/assign'), { agentId: null, status: 'resolved' });
    expect(extra).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect((await test.call(null, 'GET', '/conversations')).status).toBe(401);
    expect((await test.call(null, 'POST', at('/claim'))).status).toBe(401);
  });
});

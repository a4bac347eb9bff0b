import type { Conversation, EventPage, MessageList } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboundRig } from './support/outbound-rig.js';
import { QueryCount } from './support/query-count.js';
import { envelope, sign, text } from './support/webhook-rig.js';

/**
 * How many statements each request may cost, transaction brackets left out. One of a signed-in agent's is the session's
 * own: who asks, and with which rights.
 */
const SESSION = 1;

describe('the query budget of', () => {
  let rig: OutboundRig;
  let count: QueryCount;
  let ids: string[];

  beforeAll(async () => {
    rig = await OutboundRig.start();
    count = QueryCount.begin(rig.app.app.getHttpServer());
    ids = [];
    // More than one of everything: a query for each row would show.
    for (let n = 0; n < 6; n += 1) ids.push(await rig.thread({ inbound: ['Hello', 'Anybody there?', 'Please'] }));
  }, 60_000);
  afterAll(async () => {
    count.end();
    await rig.close();
  });

  async function spent(method: string, path: string, body?: unknown, status = 200): Promise<number> {
    const answer = await rig.app.call(rig.ana, method, path, body);
    expect(`${method} ${path} ${String(answer.status)}`).toBe(`${method} ${path} ${String(status)}`);
    return count.last.length;
  }

  it.each([
    ['a list', '/conversations?limit=50', 2],
    ['a filtered list', '/conversations?status=open&assignee=none&sort=waiting&limit=50', 2],
    ['a search', '/conversations?q=maria', 3],
    ['a search for a number', '/conversations?q=%2B55%2011', 3],
    ['the counts', '/conversations/counts', 2],
    ['the head of the log', '/events', 1],
    ['the agents', '/agents', 1],
    ['the teams', '/teams', 1],
    ['oneself', '/agents/me', 1],
    ['what one was told of', '/notifications', 3],
  ])('%s: GET %s', async (_what, path, budget) => {
    expect(await spent('GET', path)).toBeLessThanOrEqual(SESSION + budget);
  });

  it('a conversation, a thread and its older page', async () => {
    const [id = ''] = ids;
    expect(await spent('GET', `/conversations/${id}`)).toBeLessThanOrEqual(SESSION + 1);
    expect(await spent('GET', `/conversations/${id}/messages?limit=2`)).toBeLessThanOrEqual(SESSION + 4);
    const { body } = await rig.app.call<MessageList>(rig.ana, 'GET', `/conversations/${id}/messages?limit=2`);
    const older = `/conversations/${id}/messages?limit=2&before=${body.nextCursor ?? ''}`;
    expect(await spent('GET', older)).toBeLessThanOrEqual(SESSION + 4);
  });

  it('a page of events, however many they are', async () => {
    const since = (await rig.app.call<EventPage>(rig.ana, 'GET', '/events')).body.cursor;
    for (const id of ids) await rig.customerWrites(id, 'One more');
    for (const id of ids.slice(3)) await rig.app.call(rig.ana, 'POST', `/conversations/${id}/claim`);
    const path = `/events?since=${since}&limit=100`;
    // The log, conversations, messages, lines, what the agent was told of, and where the threads stand now.
    expect(await spent('GET', path)).toBeLessThanOrEqual(SESSION + 6);
    // What a transaction still running holds back is readable a moment later.
    await expect
      .poll(async () => (await rig.app.call<EventPage>(rig.ana, 'GET', path)).body.events.length)
      .toBeGreaterThan(ids.length);
    expect(await spent('GET', path)).toBeLessThanOrEqual(SESSION + 6);
  });

  it('the life of a conversation', async () => {
    const [id = ''] = ids;
    const at = (action: string): string => `/conversations/${id}/${action}`;
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const { body: agent } = await rig.app.call<{ id: string }>(rig.ana, 'GET', '/agents/me');
    // The claim, the bot's waiting answers, the line, the log, the receipt to Meta, the answer.
    expect(await spent('POST', at('claim'))).toBeLessThanOrEqual(SESSION + 6);
    expect(await spent('POST', at('claim'))).toBeLessThanOrEqual(SESSION + 4);
    // Lock, clock, change, lines, log, how it stood before, answer; and what each of them needs besides.
    expect(await spent('POST', at('release'))).toBeLessThanOrEqual(SESSION + 7);
    expect(await spent('POST', at('assign'), { agentId: agent.id })).toBeLessThanOrEqual(SESSION + 10);
    expect(await spent('POST', at('snooze'), { until })).toBeLessThanOrEqual(SESSION + 7);
    expect(await spent('POST', at('reopen'))).toBeLessThanOrEqual(SESSION + 8);
    expect(await spent('POST', at('resolve'))).toBeLessThanOrEqual(SESSION + 9);
    expect(await spent('POST', at('reopen'))).toBeLessThanOrEqual(SESSION + 10);
  });

  it('a claim that comes second', async () => {
    const [, id = ''] = ids;
    const ben = await rig.app.given.agent({ name: 'Ben' });
    await rig.app.call(ben, 'POST', `/conversations/${id}/claim`);
    expect(await spent('POST', `/conversations/${id}/claim`, undefined, 409)).toBeLessThanOrEqual(SESSION + 5);
  });

  it('a reply, its repetition and reading', async () => {
    const [, , id = ''] = ids;
    const { body: thread } = await rig.app.call<Conversation>(rig.ana, 'GET', `/conversations/${id}`);
    const reply = {
      clientMessageId: randomUUID(),
      type: 'text',
      text: { body: 'On its way' },
      basedOn: thread.lastSeq,
    };
    const path = `/conversations/${id}/messages`;
    // Lock and clock, replay and quote, claim with its line and log, the message with its own, outbox, case, receipt.
    expect(await spent('POST', path, reply, 201)).toBeLessThanOrEqual(SESSION + 17);
    expect(await spent('POST', path, reply, 200)).toBeLessThanOrEqual(SESSION + 4);
    const { body: page } = await rig.app.call<MessageList>(rig.ana, 'GET', path);
    const messageId = page.items.find(({ direction }) => direction === 'inbound')?.id;
    expect(await spent('POST', `/conversations/${id}/read`, { messageId }, 204)).toBeLessThanOrEqual(SESSION + 6);
  });

  it("Meta's delivery, whatever is in it: one statement before the answer", async () => {
    const body = envelope({
      messages: Array.from({ length: 20 }, (_, n) => text(`wamid.BUDGET${String(n)}`, 'Hi')),
    });
    const answer = await fetch(`${rig.app.url}/api/webhooks/whatsapp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(body) },
      body,
    });
    expect(answer.status).toBe(200);
    expect(count.last.length).toBeLessThanOrEqual(1);
  });
});

import type { BotRuleList, Message, Problem } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboundRig } from './support/outbound-rig.js';
import type { TestAgent } from './support/test-app.js';

const RULE = {
  name: 'Prices',
  enabled: true,
  match: 'word',
  keywords: ['price'],
  answer: { text: '25', buttons: [] },
  handOver: false,
};
const PASSWORD = 'a long enough password';
const NUMBER = { phoneNumberId: '1001', businessAccountId: '2002', accessToken: 'EAAG' };

describe('hostile and clumsy input', () => {
  let rig: OutboundRig;
  let admin: TestAgent;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    admin = await rig.app.given.agent({ role: 'admin' });
  });
  afterAll(() => rig.close());

  const rulesPath = () => `/channels/${rig.channel.id}/bot-rules`;

  it.each(['a\0b', 'a\ud800b'])('is refused where %j would have to be stored', async (text) => {
    const calls: [method: string, path: string, body: object][] = [
      ['POST', '/auth/login', { email: text, password: 'x' }],
      ['POST', '/agents', { name: text, email: 'new@example.org', role: 'agent', password: PASSWORD }],
      ['PATCH', `/agents/${rig.ana.id}`, { name: text }],
      ['POST', '/teams', { name: text }],
      ['POST', '/channels', { ...NUMBER, name: text }],
      ['POST', '/channels', { ...NUMBER, name: 'Shop', displayPhoneNumber: text }],
      ['POST', '/channels', { ...NUMBER, name: 'Shop', accessToken: text }],
      ['PATCH', `/channels/${rig.channel.id}`, { botFallbackText: text }],
      ['PUT', rulesPath(), { rules: [{ ...RULE, answer: { text } }] }],
      ['PUT', rulesPath(), { rules: [{ ...RULE, keywords: [text] }] }],
      ['PUT', rulesPath(), { rules: [{ ...RULE, answer: { text: '25', buttons: [{ id: text, title: 'A' }] } }] }],
    ];
    for (const [method, path, body] of calls) {
      const answer = await rig.app.call<Problem>(admin, method, path, body);
      expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'request.invalid']);
      expect(answer.body.fields).toHaveLength(1);
    }
  });

  it('sends no message of which nothing would be left', async () => {
    const id = await rig.thread();
    expect(await rig.send(id, ' \0 ')).toMatchObject({ status: 400, body: { fields: [{ path: 'text.body' }] } });
    const send = (interactive: object) =>
      rig.app.call<Problem>(rig.ana, 'POST', `/conversations/${id}/messages`, {
        clientMessageId: randomUUID(),
        type: 'interactive',
        interactive,
      });
    expect((await send({ body: '\0', buttons: [{ id: 'a', title: 'A' }] })).status).toBe(400);
    expect((await send({ body: 'Which?', buttons: [{ id: 'a', title: '\0' }] })).status).toBe(400);
  });

  it('takes 4,096 characters, whatever they are made of, and not one more', async () => {
    const id = await rig.thread();
    const longest = '😀'.repeat(4_096);
    expect(await rig.send(id, longest)).toMatchObject({ status: 201, body: { text: { body: longest } } });
    expect((await rig.send(id, `${longest}a`)).status).toBe(400);
  });

  it('takes off what a paste brought along with an access token', async () => {
    const { body } = await rig.app.call<{ id: string }>(admin, 'POST', '/channels', {
      ...NUMBER,
      name: 'Pasted',
      accessToken: ' EAAG-pasted\n',
    });
    const id = await rig.thread({ channelId: body.id });
    await rig.becomes(await rig.sent(id, 'hello'), 'accepted');
    expect(rig.graph.of(id)[0]?.token).toBe('EAAG-pasted');
  });

  it('understands an empty JSON body as none', async () => {
    const id = await rig.thread();
    const claim = await fetch(`${rig.app.url}/api/conversations/${id}/claim`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rig.ana.token}`, 'content-type': 'application/json' },
    });
    expect(claim.status).toBe(200);
    const login = await fetch(`${rig.app.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect(login.status).toBe(400);
  });

  it('has room for as many rules as the contract allows', async () => {
    const rules = Array.from({ length: 200 }, () => ({ ...RULE, answer: { text: 'x'.repeat(1_024), buttons: [] } }));
    const answer = await rig.app.call<BotRuleList>(admin, 'PUT', rulesPath(), { rules });
    expect(answer.status).toBe(200);
    expect(answer.body.items).toHaveLength(200);
  });

  it('calls a repeated id with another quote reused, whether or not that quote exists', async () => {
    const id = await rig.thread();
    const clientMessageId = randomUUID();
    await rig.sent(id, 'one', { clientMessageId });
    const answer = await rig.send(id, 'one', { clientMessageId, replyTo: randomUUID() });
    expect(answer).toMatchObject({ status: 409, body: { code: 'message.id_reused' } });
  });

  it('knows an id in capitals for the same id', async () => {
    const id = await rig.thread({ assigneeId: rig.ana.id });
    const quoted = await rig.customerWrites(id, 'Hello?');
    const clientMessageId = randomUUID();
    await rig.sent(id, 'hi', { clientMessageId, replyTo: quoted });
    const again = await rig.send(id, 'hi', { clientMessageId, replyTo: quoted.toUpperCase() });
    expect(again.status).toBe(200);
    const before = await rig.app.call<{ version: number }>(rig.ana, 'GET', `/conversations/${id.toUpperCase()}`);
    const assigned = await rig.app.call<{ version: number }>(rig.ana, 'POST', `/conversations/${id}/assign`, {
      agentId: rig.ana.id.toUpperCase(),
    });
    expect(assigned.body.version).toBe(before.body.version);
    const { body } = await rig.app.call<Message>(rig.ana, 'GET', `/conversations/${id}/messages`);
    expect(body).toMatchObject({ timeline: [] });
  });
});

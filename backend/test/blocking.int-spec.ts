import type { Conversation, MessageList, Problem } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CloudApi } from './support/faults/cloud-api.js';
import { LiveClient } from './support/live-client.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';
import { drained, envelope, post, rows, text } from './support/webhook-rig.js';

const TOKEN = 'EAAG-blocking';
const NUMBER = '274119865530142';
const WABA = '318840027715906';

describe('blocking a customer at Meta', () => {
  let meta: CloudApi;
  let test: TestApp;
  let agent: TestAgent;
  let colleague: TestAgent;
  let supervisor: TestAgent;
  let customers = 0;

  beforeAll(async () => {
    meta = await CloudApi.start({
      SIMULATOR_PORT: '0',
      SIMULATOR_ACCESS_TOKEN: TOKEN,
      SIMULATOR_PHONE_NUMBER_ID: NUMBER,
      SIMULATOR_BUSINESS_ACCOUNT_ID: WABA,
    });
    test = await startTestApp({ env: { WHATSAPP_GRAPH_URL: meta.url } });
    agent = await test.given.agent({ role: 'agent' });
    colleague = await test.given.agent({ role: 'agent' });
    supervisor = await test.given.agent({ role: 'supervisor' });
    const admin = await test.given.agent({ role: 'admin' });
    const { id } = await test.given.channel({ phoneNumberId: NUMBER, businessAccountId: WABA });
    await test.call(admin, 'PATCH', `/channels/${id}`, { accessToken: TOKEN });
  });
  afterAll(async () => {
    await test.close();
    await meta.stop();
  });

  /** Somebody who wrote so many hours ago, as Meta and as we know them. */
  async function customer(hoursAgo = 0): Promise<{ id: string; from: string }> {
    const from = `1206555${String(1_000 + (customers += 1))}`;
    const at = Math.floor(Date.now() / 1_000) - hoursAgo * 3_600;
    const wamid = `wamid.${randomUUID()}`;
    await meta.customersWrite([{ from, id: wamid, at, body: 'Hello' }]);
    await post(test, envelope({ contacts: [{ wa_id: from }], messages: [text(wamid, 'Hello', { from, at })] }));
    await drained(test);
    const [found] = await rows<{ id: string }>(
      test,
      `select c.id from conversations c join contact_identities i on i.contact_id = c.contact_id
       where i.kind = 'wa_id' and i.value = '${from}'`,
    );
    return { id: found?.id ?? '', from };
  }
  const block = (who: TestAgent, id: string, method: 'POST' | 'DELETE' = 'POST') =>
    test.call<Conversation & Pick<Problem, 'code'>>(who, method, `/conversations/${id}/block`);
  const listed = async () =>
    (await (
      await fetch(`${meta.url}/v26.0/${NUMBER}/block_users`, { headers: { authorization: `Bearer ${TOKEN}` } })
    ).json()) as {
      data: { wa_id: string }[];
    };
  const isListed = async (from: string) => (await listed()).data.some(({ wa_id: waId }) => waId === from);
  const send = (id: string) =>
    test.call<Pick<Problem, 'code'>>(agent, 'POST', `/conversations/${id}/messages`, {
      clientMessageId: randomUUID(),
      type: 'text',
      text: { body: 'Still there?' },
      basedOn: 1,
    });
  const lines = async (id: string) =>
    (await test.call<MessageList>(agent, 'GET', `/conversations/${id}/messages`)).body.timeline
      .map(({ kind }) => kind)
      .filter((kind) => kind.endsWith('blocked'));

  it('stops what we send, says so in the thread and to everybody, and can be taken back', async () => {
    const { id, from } = await customer();
    const live = await new LiveClient(test.url, colleague.token).ready();
    try {
      expect(await block(agent, id)).toMatchObject({ status: 200, body: { blockedAt: expect.any(String) as string } });
      expect(await isListed(from)).toBe(true);
      const told = () =>
        live.events.findLast(({ type, payload }) => type === 'conversation:updated' && payload.id === id)?.payload;
      await waitFor(() => told()?.['blockedAt'] !== undefined);
      expect((await send(id)).body.code).toBe('conversation.blocked');
      // Again is the same: one line says it.
      expect((await block(supervisor, id)).status).toBe(200);
      expect(await lines(id)).toEqual(['blocked']);

      const freed = await block(colleague, id, 'DELETE');
      expect(freed.status).toBe(200);
      expect(freed.body.blockedAt).toBeUndefined();
      expect(await isListed(from)).toBe(false);
      await waitFor(() => told()?.['blockedAt'] === undefined);
      expect((await send(id)).status).toBe(201);
      expect(await lines(id)).toEqual(['blocked', 'unblocked']);
    } finally {
      live.close();
    }
  });

  it('is one act, however many do it at once', async () => {
    const { id } = await customer();
    const answers = await Promise.all([agent, colleague, supervisor].map((who) => block(who, id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await lines(id)).toEqual(['blocked']);
  });

  it('is possible within 24 hours of what they wrote, by our clock and by Meta’s', async () => {
    const { id } = await customer(25);
    expect(await block(agent, id)).toMatchObject({ status: 409, body: { code: 'contact.block_too_late' } });
    const late = await customer(25);
    await rows(test, `update conversations set window_expires_at = app_now() + '1 hour' where id = '${late.id}'`);
    expect(await block(agent, late.id)).toMatchObject({ status: 409, body: { code: 'contact.block_too_late' } });
    expect(await isListed(late.from)).toBe(false);
    expect(await lines(late.id)).toEqual([]);
  });

  it('outlasts the 24 hours and is lifted after them', async () => {
    const { id } = await customer();
    await block(agent, id);
    await rows(test, `update conversations set window_expires_at = app_now() - interval '1 hour' where id = '${id}'`);
    expect((await block(agent, id, 'DELETE')).status).toBe(200);
  });

  it('of a colleague’s customer is theirs to do, or a supervisor’s', async () => {
    const { id } = await customer();
    await test.call(colleague, 'POST', `/conversations/${id}/claim`);
    expect((await block(agent, id)).status).toBe(403);
    expect((await block(supervisor, id)).status).toBe(200);
  });

  it('keeps what the customer writes away from us, and lets it through again', async () => {
    const { id, from } = await customer();
    await block(agent, id);
    const write = () =>
      meta.control<{ wamids: string[] }>('POST', 'inbound?wait=false', { messages: [{ from, text: { body: 'Hey' } }] });
    expect((await write()).wamids).toEqual([]);
    await block(agent, id, 'DELETE');
    expect((await write()).wamids).toHaveLength(1);
  });
});

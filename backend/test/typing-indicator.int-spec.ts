import type { UpdateChannel } from '@parley/contract';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../src/common/ids.js';
import { TypingGate, typingKey } from '../src/outbound/typing/typing-gate.js';
import { TypingSender } from '../src/outbound/typing/typing.sender.js';
import { testRedisUrl } from './support/database.js';
import { graphError } from './support/fake-graph.js';
import { LiveClient } from './support/live-client.js';
import { OutboundRig, type GivenThread } from './support/outbound-rig.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('“typing…” on the customer’s phone', () => {
  let rig: OutboundRig;
  let other: TestApp;
  let admin: TestAgent;
  let ben: TestAgent;
  let supervisor: TestAgent;
  let redis: Redis;
  const clients: LiveClient[] = [];

  beforeAll(async () => {
    rig = await OutboundRig.start();
    other = await startTestApp({ sharing: rig.app });
    admin = await rig.app.given.agent({ role: 'admin' });
    ben = await rig.app.given.agent({ name: 'Ben' });
    supervisor = await rig.app.given.agent({ role: 'supervisor' });
    redis = new Redis(testRedisUrl());
  });
  afterEach(() => {
    rig.graph.typingAnswer = 'ok';
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    redis.disconnect();
    await other.close();
    await rig.close();
  });

  const connect = (agent: TestAgent, instance: TestApp = rig.app): Promise<LiveClient> => {
    const client = new LiveClient(instance.url, agent.token);
    clients.push(client);
    return client.ready();
  };
  /** Another number, of these policies. */
  const number = async (policies: UpdateChannel): Promise<string> => {
    const { id } = await rig.app.given.channel();
    expect((await rig.app.call(admin, 'PATCH', `/channels/${id}`, policies)).status).toBe(200);
    return id;
  };
  /** The customer writes, and this agent reads it; Meta's id of the message. */
  const asks = async (id: string, reader: TestAgent = rig.ana): Promise<string> => {
    const messageId = await rig.customerWrites(id, 'Hello?');
    expect((await rig.app.call(reader, 'POST', `/conversations/${id}/read`, { messageId })).status).toBe(204);
    return `wamid.IN${messageId}`;
  };
  const asked = async (given: GivenThread = { assigneeId: rig.ana.id }, reader = rig.ana) => {
    const id = await rig.thread(given);
    return { id, wamid: await asks(id, reader) };
  };
  const senderOf = (instance: TestApp): TypingSender => instance.app.get(TypingSender, { strict: false });
  /** A key; settles once it was told or there was nothing to tell. */
  const press = (conversationId: string, agent = rig.ana, instance = rig.app): Promise<void> =>
    senderOf(instance).hear({ agentId: agent.id, conversationId, isOn: true });
  const shown = (wamid: string): number => rig.graph.typing.filter((one) => one === wamid).length;

  it('is shown once in 20 s, whichever sockets and instances the keys reach', async () => {
    const { id, wamid } = await asked();
    const tabs = [await connect(rig.ana), await connect(rig.ana), await connect(rig.ana, other)];
    const keys = async () => {
      const signs = tabs.flatMap((tab) => [1, 2, 3].map(() => tab.ask('typing', { conversationId: id, on: true })));
      for (const answer of await Promise.all(signs)) expect(answer).toEqual({ ok: true });
      await Promise.all([press(id), press(id, rig.ana, other)]);
    };
    await keys();
    expect(shown(wamid)).toBe(1);
    await keys();
    expect(shown(wamid)).toBe(1);
    const leftMs = await redis.pttl(typingKey(id));
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(20_000);
    // As if the 20 s were over.
    await redis.del(typingKey(id));
    await keys();
    expect(shown(wamid)).toBe(2);
  });

  it('is asked for by a reply, never by a note', async () => {
    const { id } = await asked();
    const hear = vi.spyOn(senderOf(rig.app), 'hear');
    const asAna = await connect(rig.ana);
    expect(await asAna.ask('typing', { conversationId: id, on: true, mode: 'note' })).toEqual({ ok: true });
    expect(await asAna.ask('typing', { conversationId: id, on: false, mode: 'note' })).toEqual({ ok: true });
    expect(hear).not.toHaveBeenCalled();
    expect(await asAna.ask('typing', { conversationId: id, on: true, mode: 'aside' })).toMatchObject({ ok: false });
    expect(await asAna.ask('typing', { conversationId: id, on: true, mode: 'reply' })).toEqual({ ok: true });
    expect(hear).toHaveBeenCalledExactlyOnceWith({ agentId: rig.ana.id, conversationId: id, isOn: true });
    hear.mockRestore();
  });

  it('is not the business of those who may not see the conversation', async () => {
    const { body: team } = await rig.app.call<{ id: string }>(admin, 'POST', '/teams', { name: 'Closed' });
    const { id } = await asked({ assigneeId: null }, ben);
    await rig.sql('update conversations set team_id = $2 where id = $1', [id, team.id]);
    const hear = vi.spyOn(senderOf(rig.app), 'hear');
    const asBen = await connect(ben);
    expect(await asBen.ask('typing', { conversationId: id, on: true })).toMatchObject({ ok: false });
    expect(hear).not.toHaveBeenCalled();
    hear.mockRestore();
  });

  it('shows no more than the policy “on open” does: the owner, who has read it', async () => {
    const { id, wamid } = await asked();
    for (const colleague of [ben, supervisor]) {
      const messageId = wamid.replace('wamid.IN', '');
      await rig.app.call(colleague, 'POST', `/conversations/${id}/read`, { messageId });
      await press(id, colleague);
    }
    expect(shown(wamid)).toBe(0);
    const unread = `wamid.IN${await rig.customerWrites(id, 'Anybody?')}`;
    await press(id);
    expect([shown(wamid), shown(unread)]).toEqual([1, 0]);

    const nobodys = await asked({ assigneeId: null });
    await press(nobodys.id);
    expect(shown(nobodys.wamid)).toBe(0);
  });

  it('is shown with “on reply” to whoever replies, once an admin has switched it on there, and with “never” not at all', async () => {
    const channelId = await number({ receiptsPolicy: 'on_reply' });
    const waiting = await asked({ channelId }, ben);
    await press(waiting.id, ben);
    expect(shown(waiting.wamid)).toBe(0);
    await rig.app.call(admin, 'PATCH', `/channels/${channelId}`, { typingIndicator: true });
    await press(waiting.id, ben);
    expect(shown(waiting.wamid)).toBe(1);
    // The receipt itself waits for the reply, as before.
    expect(rig.graph.receipts).not.toContain(waiting.wamid);

    for (const policies of [
      { receiptsPolicy: 'never', typingIndicator: true },
      { receiptsPolicy: 'on_open', typingIndicator: false },
    ] as const) {
      const silent = await asked({ channelId: await number(policies), assigneeId: rig.ana.id });
      await press(silent.id);
      expect(shown(silent.wamid)).toBe(0);
    }
  });

  it.each([
    ['the window is closed', `update conversations set window_expires_at = app_now() where id = $1`],
    ['the window never opened', `update conversations set window_expires_at = null where id = $1`],
    ['the customer is blocked', `update conversations set blocked_at = app_now() where id = $1`],
    ['it is a group', `update conversations set kind = 'group', group_id = id::text, contact_id = null where id = $1`],
    [
      'the number is stopped',
      `update channels set sending_state = 'stopped' from conversations c where c.id = $1 and channels.id = c.channel_id`,
    ],
    ['the messages came with the phone’s history', `update messages set origin = 'history' where conversation_id = $1`],
  ])('is not shown where %s', async (_case, change) => {
    const { id, wamid } = await asked({ channelId: await number({}), assigneeId: rig.ana.id });
    await rig.sql(change, [id]);
    await press(id);
    expect(shown(wamid)).toBe(0);
  });

  it('is not shown on a number that was disconnected', async () => {
    const channelId = await number({});
    const { id, wamid } = await asked({ channelId, assigneeId: rig.ana.id });
    await rig.app.call(admin, 'POST', `/channels/${channelId}/disconnect`);
    await press(id);
    expect(shown(wamid)).toBe(0);
  });

  it('is dropped where Meta refuses it or is away: not tried again, and the number goes on sending', async () => {
    const refused = await asked();
    rig.graph.typingAnswer = graphError(190);
    await press(refused.id);
    await press(refused.id);
    expect(shown(refused.wamid)).toBe(1);
    const [channel] = await rig.sql<{ state: string }>('select sending_state as state from channels where id = $1', [
      rig.channel.id,
    ]);
    expect(channel).toEqual({ state: 'ok' });

    rig.graph.typingAnswer = 'ok';
    const away = await asked();
    const port = await rig.graph.shut();
    await press(away.id);
    await rig.graph.reopen(port);
    await press(away.id);
    expect(shown(away.wamid)).toBe(0);
  });

  it('is taken back by whoever stops before Meta was told', async () => {
    const { id, wamid } = await asked();
    const pressed = press(id);
    await senderOf(rig.app).hear({ agentId: rig.ana.id, conversationId: id, isOn: false });
    await pressed;
    expect(shown(wamid)).toBe(0);
  });

  it('and the reply after it both reach Meta', async () => {
    const { id, wamid } = await asked();
    const asAna = await connect(rig.ana);
    await asAna.ask('typing', { conversationId: id, on: true });
    await waitFor(() => shown(wamid) === 1, 'the indicator');
    const reply = await rig.sent(id, 'Hello!');
    await rig.becomes(reply, 'accepted');
    expect(rig.graph.of(id)).toHaveLength(1);
  });

  it('is counted by each instance for itself while Redis is away', async () => {
    const gate = new TypingGate({ ...rig.app.environment, redisUrl: 'redis://127.0.0.1:1' });
    const [one, another] = [newId(), newId()];
    expect(await gate.pass(one, 0)).toBe(true);
    expect(await gate.pass(one, 19_999)).toBe(false);
    expect(await gate.pass(another, 19_999)).toBe(true);
    expect(await gate.pass(one, 20_000)).toBe(true);
    gate.onApplicationShutdown();
  });
});

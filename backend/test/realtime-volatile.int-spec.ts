import type { PresentAgent } from '@parley/contract';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { presenceKey } from '../src/agents/agent-presence.js';
import { PresenceService } from '../src/realtime/presence/presence.service.js';
import { testRedisUrl } from './support/database.js';
import { LiveClient } from './support/live-client.js';
import { LiveModule } from './support/live-module.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { Threads } from './support/threads.js';
import { waitFor } from './support/wait-for.js';

interface People {
  conversationId: string;
  agents: { id: string }[];
}

describe('who is there', () => {
  let test: TestApp;
  let other: TestApp;
  let threads: Threads;
  let redis: Redis;
  const clients: LiveClient[] = [];

  const connect = (agent: TestAgent, instance = test) => {
    const client = new LiveClient(instance.url, agent.token);
    clients.push(client);
    return client.ready();
  };
  /** The agents that this client was told last. */
  const told = (client: LiveClient, type: 'viewers:updated' | 'typing:updated', id: string): string[] => {
    const last = client.volatile
      .filter((event) => event.type === type && event.payload['conversationId'] === id)
      .at(-1);
    return ((last?.payload as People | undefined)?.agents ?? []).map((agent) => agent.id);
  };
  const idle = (client: LiveClient, id: string): string[] => {
    const last = client.volatile
      .filter((event) => event.type === 'viewers:updated' && event.payload['conversationId'] === id)
      .at(-1);
    return ((last?.payload['agents'] ?? []) as PresentAgent[]).filter((agent) => agent.idle).map((agent) => agent.id);
  };
  const idleOnline = (client: LiveClient): string[] => {
    const last = client.volatile.filter((event) => event.type === 'presence:updated').at(-1);
    return ((last?.payload['online'] ?? []) as PresentAgent[]).filter((agent) => agent.idle).map((agent) => agent.id);
  };
  const online = (client: LiveClient): string[] => {
    const last = client.volatile.filter((event) => event.type === 'presence:updated').at(-1);
    return ((last?.payload['online'] ?? []) as { id: string }[]).map((agent) => agent.id);
  };

  beforeAll(async () => {
    test = await startTestApp({ module: LiveModule });
    other = await startTestApp({ module: LiveModule, sharing: test });
    threads = new Threads(test);
    redis = new Redis(testRedisUrl());
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    redis.disconnect();
    await other.close();
    await test.close();
  });

  it('shows who views and types to those who may see it, on every instance, until they leave', async () => {
    const [ana, ben] = [await test.given.agent(), await test.given.agent()];
    const id = await threads.create();
    const [asAna, asBen] = [await connect(ana), await connect(ben, other)];
    expect(await asAna.ask('conversation:open', { id })).toMatchObject({
      ok: true,
      viewers: [{ id: ana.id }],
      typing: [],
    });
    await waitFor(() => told(asBen, 'viewers:updated', id).includes(ana.id), 'the viewer');
    await asAna.ask('typing', { conversationId: id, on: true });
    await waitFor(() => told(asBen, 'typing:updated', id).includes(ana.id), 'the typist');
    expect(await asBen.ask('conversation:open', { id })).toMatchObject({ typing: [{ id: ana.id }] });
    await asAna.ask('typing', { conversationId: id, on: false });
    await waitFor(() => told(asBen, 'typing:updated', id).length === 0, 'the end of typing');
    // A hidden tab is told as idle; so is the agent while they have no other.
    await asAna.ask('heartbeat', { active: false });
    await waitFor(() => idle(asBen, id).includes(ana.id) && idleOnline(asBen).includes(ana.id), 'the hidden tab');
    await asAna.ask('heartbeat', { active: true });
    await waitFor(
      () => told(asBen, 'viewers:updated', id).includes(ana.id) && idle(asBen, id).length === 0,
      'the tab that is looked at again',
    );
    await asAna.ask('conversation:close', { id });
    await waitFor(() => !told(asBen, 'viewers:updated', id).includes(ana.id), 'the closed thread');
    await asAna.ask('conversation:open', { id });
    await waitFor(() => told(asBen, 'viewers:updated', id).includes(ana.id));
    asAna.close();
    await waitFor(() => !told(asBen, 'viewers:updated', id).includes(ana.id), 'the end of the socket');
  });

  it('tells a client that comes later what is going on', async () => {
    const [ana, ben] = [await test.given.agent(), await test.given.agent()];
    const id = await threads.create();
    const asAna = await connect(ana);
    await asAna.ask('conversation:open', { id });
    await asAna.ask('typing', { conversationId: id, on: true });
    const asBen = await connect(ben, other);
    await waitFor(() => told(asBen, 'typing:updated', id).includes(ana.id), 'the greeting');
  });

  it('tells nobody who may not see the conversation', async () => {
    const [ana, ben] = [await test.given.agent({ role: 'supervisor' }), await test.given.agent()];
    const admin = await test.given.agent({ role: 'admin' });
    const made = await test.call<{ id: string }>(admin, 'POST', '/teams', { name: 'Closed' });
    const [secret, open] = [await threads.create({ teamId: made.body.id }), await threads.create()];
    const [asAna, asBen, watcher] = [await connect(ana), await connect(ben), await connect(admin)];
    await asAna.ask('conversation:open', { id: secret });
    await waitFor(() => told(watcher, 'viewers:updated', secret).includes(ana.id));
    await asAna.ask('conversation:open', { id: open });
    await waitFor(() => told(asBen, 'viewers:updated', open).includes(ana.id));
    expect(JSON.stringify(asBen.volatile)).not.toContain(secret);
  });

  it('counts an agent once, keeps their lease in Redis and ends it with their last socket', async () => {
    const [ana, ben] = [await test.given.agent(), await test.given.agent()];
    const asBen = await connect(ben, other);
    const tabs = [await connect(ana), await connect(ana, other)];
    await waitFor(() => online(asBen).includes(ana.id), 'presence');
    expect(online(asBen).filter((id) => id === ana.id)).toHaveLength(1);
    await waitFor(async () => (await redis.ttl(presenceKey(ana.id))) > 30, 'the lease');
    const presence = test.app.get(PresenceService);
    expect(presence.isPresent(ana.id)).toBe(true);
    tabs[0]?.close();
    await waitFor(() => !test.app.get(PresenceService).viewers('').length && online(asBen).includes(ana.id));
    expect(await redis.exists(presenceKey(ana.id))).toBe(1);
    tabs[1]?.close();
    await waitFor(() => !online(asBen).includes(ana.id), 'the end of presence');
    await waitFor(async () => (await redis.exists(presenceKey(ana.id))) === 0, 'the end of the lease');
    expect(presence.isPresent(ana.id)).toBe(false);
  });
});

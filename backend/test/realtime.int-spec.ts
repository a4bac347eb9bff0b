import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LiveClient } from './support/live-client.js';
import { LiveModule } from './support/live-module.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { Threads } from './support/threads.js';
import { waitFor } from './support/wait-for.js';

describe('the live stream', () => {
  let test: TestApp;
  let threads: Threads;
  let ana: TestAgent;
  const clients: LiveClient[] = [];

  const connect = (agent: TestAgent, options?: ConstructorParameters<typeof LiveClient>[2]): LiveClient => {
    const client = new LiveClient(test.url, agent.token, options);
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    test = await startTestApp({ module: LiveModule });
    threads = new Threads(test);
    ana = await test.given.agent();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(() => test.close());

  it('pushes a message and its conversation to every agent, then the head that follows', async () => {
    const id = await threads.create();
    const ben = await test.given.agent({ name: 'Ben' });
    const [first, second] = await Promise.all([connect(ana).ready(), connect(ben).ready()]);
    const messageId = await threads.say(id, 'good morning');
    for (const client of [first, second]) {
      await waitFor(() => client.heads.length > 0);
      expect(client.ids('message:created')).toEqual([messageId]);
      expect(client.of('message:created')[0]?.payload).toMatchObject({
        conversationId: id,
        text: { body: 'good morning' },
      });
      expect(client.of('conversation:updated')[0]?.payload).toMatchObject({ id, lastMessage: { id: messageId } });
      expect(client.of('conversation:updated')[0]?.payload).not.toHaveProperty('unreadCount');
      expect(client.heads[0]?.after).toBe(client.resumes[0]?.cursor);
      expect(client.cursor).toBe(client.heads.at(-1)?.cursor);
    }
  });

  it('sends nothing durable before the client has resumed', async () => {
    const id = await threads.create();
    const [silent, live] = [connect(ana, { resumes: false }), await connect(ana).ready()];
    await silent.ready();
    await threads.say(id);
    await waitFor(() => live.ids('message:created').length === 1);
    expect([silent.events, silent.heads]).toEqual([[], []]);
  });
});

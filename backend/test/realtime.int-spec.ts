import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { query } from '../src/database/database.js';
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

  it('leaves out what cannot be shown, and goes on with all the rest', async () => {
    const [broken, sound] = [await threads.create(), await threads.create()];
    await query(test.database.pool, `update conversations set last_activity_at = 'infinity' where id = $1`, [broken]);
    const client = await connect(ana).ready();
    const errors = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await threads.move(broken, { lastAssigneeId: ana.id });
    const messageId = await threads.say(sound);
    await waitFor(() => client.ids('message:created').includes(messageId), 'the message');
    await waitFor(() => client.ids('conversation:updated').includes(sound));
    expect(client.ids('conversation:updated')).not.toContain(broken);
    expect(errors).toHaveBeenCalledWith(expect.stringContaining('cannot be shown'), expect.anything());
    await query(test.database.pool, `update conversations set last_activity_at = now() where id = $1`, [broken]);
  });

  it('sends its clients away at a shutdown, so that they resume elsewhere', async () => {
    const other = await startTestApp({ module: LiveModule, sharing: test });
    const client = new LiveClient(other.url, ana.token);
    clients.push(await client.ready());
    const reasons: string[] = [];
    client.socket.on('disconnect', (reason) => reasons.push(reason));
    await other.close();
    await waitFor(() => reasons.length > 0, 'the goodbye');
    // After any other reason socket.io-client would stay away.
    expect(reasons).toEqual(['transport close']);
  });
});

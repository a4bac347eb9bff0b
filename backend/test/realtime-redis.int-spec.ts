import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis } from '../../tools/services.mjs';
import { HintsService } from '../src/hints/hints.service.js';
import { LiveClient } from './support/live-client.js';
import { LiveModule } from './support/live-module.js';
import { startTestApp, type TestApp } from './support/test-app.js';
import { Threads } from './support/threads.js';
import { waitFor } from './support/wait-for.js';

describe('without Redis', () => {
  let folder: string;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let test: TestApp;
  let other: TestApp;
  let threads: Threads;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'parley-redis-'));
    redis = await startRedis({ dir: folder, durable: false });
    test = await startTestApp({ module: LiveModule, env: { REDIS_URL: redis.url } });
    other = await startTestApp({ module: LiveModule, sharing: test });
    threads = new Threads(test);
  });
  afterAll(async () => {
    await other.close();
    await test.close();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('everything durable still arrives on every instance, and one instance knows its own viewers', async () => {
    const [ana, ben] = [await test.given.agent(), await test.given.agent()];
    const id = await threads.create();
    const clients = [
      await new LiveClient(test.url, ana.token).ready(),
      await new LiveClient(other.url, ana.token).ready(),
      await new LiveClient(test.url, ben.token).ready(),
    ] as const;
    await redis.stop();
    await waitFor(() => !test.app.get(HintsService, { strict: false }).isConnected, 'the end of Redis');

    const messageId = await threads.say(id);
    for (const client of clients) await waitFor(() => client.ids('message:created').includes(messageId), 'the message');
    expect(await clients[0].ask('conversation:open', { id })).toMatchObject({ ok: true, viewers: [{ id: ana.id }] });
    await waitFor(() =>
      clients[2].volatile.some(({ type, payload }) => type === 'viewers:updated' && payload['conversationId'] === id),
    );

    const { port, password } = redis;
    redis = await startRedis({ dir: folder, durable: false, port, password });
    await waitFor(() => test.app.get(HintsService, { strict: false }).isConnected, 'Redis');
    const later = await threads.say(id);
    for (const client of clients) await waitFor(() => client.ids('message:created').includes(later), 'the message');
    for (const client of clients) client.close();
  });

  it('starts, and stops', async () => {
    const alone = await startTestApp({ module: LiveModule, env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    const ana = await alone.given.agent();
    const client = await new LiveClient(alone.url, ana.token).ready();
    const id = await new Threads(alone).create();
    await waitFor(() => client.ids('conversation:updated').includes(id));
    client.close();
    await alone.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SocketHub } from '../src/realtime/sockets/socket-hub.js';
import { LiveClient } from './support/live-client.js';
import { LiveModule } from './support/live-module.js';
import { startTestApp, type TestApp } from './support/test-app.js';
import { Threads } from './support/threads.js';
import { waitFor } from './support/wait-for.js';

/** The ws socket under a client, which can stop reading. */
function wireOf(client: LiveClient): { pause(): void; resume(): void } {
  const wire: unknown = Reflect.get(client.socket.io.engine.transport, 'ws');
  return wire as { pause(): void; resume(): void };
}

describe('a client that reads slowly', () => {
  let test: TestApp;
  let threads: Threads;
  const BODY = 'x'.repeat(150_000);

  beforeAll(async () => {
    test = await startTestApp({ module: LiveModule });
    threads = new Threads(test);
  });
  afterAll(() => test.close());

  it('is taken off the stream, resumes when it can, and misses nothing; others notice nothing', async () => {
    const [ana, ben] = [await test.given.agent(), await test.given.agent()];
    const id = await threads.create();
    const [slow, quick] = [
      await new LiveClient(test.url, ana.token).ready(),
      await new LiveClient(test.url, ben.token).ready(),
    ];
    const socket = test.app.get(SocketHub).socketsOf(ana.id)[0];
    if (!socket) throw new Error('no such socket');
    wireOf(slow).pause();
    const written: string[] = [];
    while (socket.data.isLive && written.length < 300) {
      const messageId = await threads.say(id, BODY);
      written.push(messageId);
      await waitFor(() => quick.ids('message:created').includes(messageId), 'the quick client');
    }
    expect(socket.data.isLive).toBe(false);
    written.push(await threads.say(id, 'the last one'));
    wireOf(slow).resume();
    await waitFor(() => slow.ids('message:created').includes(written.at(-1) ?? ''), 'the slow client');
    expect([...new Set(slow.ids('message:created'))].sort()).toEqual([...written].sort());
    expect(slow.resumes.length).toBeGreaterThan(1);
    expect(quick.ids('message:created')).toEqual(written);
    expect(quick.resumes).toHaveLength(1);
    slow.close();
    quick.close();
  });

  it('is cut off when too much waits for it, and comes back', async () => {
    const ana = await test.given.agent();
    const id = await threads.create();
    const slow = await new LiveClient(test.url, ana.token).ready();
    const hub = test.app.get(SocketHub);
    const first = hub.socketsOf(ana.id)[0]?.id;
    wireOf(slow).pause();
    const written = await threads.sayAll(
      id,
      Array.from({ length: 150 }, () => BODY),
    );
    await waitFor(() => hub.socketsOf(ana.id).every((socket) => socket.id !== first), 'the cut');
    wireOf(slow).resume();
    await waitFor(() => new Set(slow.ids('message:created')).size === written.length, 'all messages');
    slow.close();
  });
});

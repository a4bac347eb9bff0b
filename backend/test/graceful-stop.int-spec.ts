import type { ConversationList, Message, Session } from '@parley/contract';
import { randomBytes, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, testRedisUrl, type TestDatabase } from './support/database.js';
import { FakeGraph } from './support/fake-graph.js';
import { build, inRepository, type Program, startProgram } from './support/faults/program.js';
import { LiveClient } from './support/live-client.js';
import { waitFor } from './support/wait-for.js';
import { envelope, PHONE_NUMBER_ID, post, sign, text } from './support/webhook-rig.js';

const BUILD_TIMEOUT_MS = 120_000;
const APP_SECRET = 'graceful-stop-0123456789';
const ADMIN = { email: 'admin@example.org', password: 'a long enough one' };

interface Answer {
  status: number;
  connection: string | undefined;
  body: string;
}

/** A running instance of its own, with one conversation that nobody owns. */
class Instance {
  readonly keptAlive = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(
    readonly program: Program,
    readonly database: TestDatabase,
    readonly graph: FakeGraph,
    readonly token: string,
    readonly conversationId: string,
  ) {}

  static async start(): Promise<Instance> {
    const [database, graph] = await Promise.all([createTestDatabase(), FakeGraph.start()]);
    const program = await startProgram(inRepository('backend', 'dist', 'main.js'), {
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl(),
      JWT_SECRET: randomBytes(32).toString('hex'),
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      WHATSAPP_APP_SECRET: APP_SECRET,
      WHATSAPP_WEBHOOK_TOKEN: 'verify',
      WHATSAPP_GRAPH_URL: graph.url,
      WHATSAPP_ACCESS_TOKEN: 'access',
      WHATSAPP_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
      WHATSAPP_BUSINESS_ACCOUNT_ID: '318840027715906',
    });
    const at = Math.floor(Date.now() / 1_000); // within the window, so that an answer may be sent
    const body = envelope({ messages: [text(`wamid.${randomUUID()}`, 'Hello', { at })] });
    expect(await post(program, body, sign(body, APP_SECRET))).toBe(200);
    const login = await fetch(`${program.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ADMIN),
    });
    const { accessToken } = (await login.json()) as Session;
    const conversationId = await waitFor(async () => {
      const list = await fetch(`${program.url}/api/conversations`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      return ((await list.json()) as ConversationList).items[0]?.id;
    });
    return new Instance(program, database, graph, accessToken, conversationId);
  }

  /** One request; with `keptAlive` as agent on a connection that stays open, as a proxy's do. */
  call(method: string, path: string, body?: unknown, agent?: Agent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.program.url}/api${path}`, {
        method,
        agent: agent ?? new Agent({ keepAlive: true }),
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, body: text }),
        );
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  send(): Promise<Answer> {
    const message = { clientMessageId: randomUUID(), type: 'text', text: { body: 'Hello to you' } };
    return this.call('POST', `/conversations/${this.conversationId}/messages`, message);
  }

  refusesConnections(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(this.program.url).port), '127.0.0.1');
      socket.once('error', () => resolve(true));
      socket.once('connect', () => {
        socket.destroy();
        resolve(false);
      });
    });
  }

  async sql<Row extends object>(statement: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      return (await client.query<Row>(statement, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  statusOf(message: Message): Promise<string | undefined> {
    return this.sql<{ status: string }>('select status from messages where id = $1', [message.id]).then(
      ([row]) => row?.status,
    );
  }

  async close(): Promise<void> {
    this.keptAlive.destroy();
    await this.program.kill();
    await this.graph.close();
    await this.database.drop();
  }
}

let instance: Instance;
const clients: LiveClient[] = [];

beforeAll(build, BUILD_TIMEOUT_MS);
beforeEach(async () => {
  instance = await Instance.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await instance.close();
});

it('refuses connections, answers what is under way on those it has, sends sockets away, and ends with 0', async () => {
  const { program, keptAlive } = instance;
  const client = await new LiveClient(program.url, instance.token).ready();
  clients.push(client);
  const reasons: string[] = [];
  client.socket.on('disconnect', (reason) => reasons.push(reason));
  expect((await instance.call('GET', '/health/ready', undefined, keptAlive)).status).toBe(200);

  const holder = new pg.Client({ connectionString: instance.database.url });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select from conversations where id = $1 for update', [instance.conversationId]);
  const claim = instance.call('POST', `/conversations/${instance.conversationId}/claim`);
  await waitFor(async () => {
    const waiting = await instance.sql("select from pg_stat_activity where wait_event_type = 'Lock'");
    return waiting.length > 0;
  });

  program.signal('SIGTERM');
  await waitFor(() => instance.refusesConnections());
  const ready = await instance.call('GET', '/health/ready', undefined, keptAlive);
  expect([ready.status, ready.connection]).toEqual([503, 'close']);
  expect(JSON.parse(ready.body)).toMatchObject({ ready: false, stopping: true, database: 'up' });
  await waitFor(() => reasons.length > 0);
  await holder.query('rollback');
  await holder.end();

  const claimed = await claim;
  expect([claimed.status, claimed.connection]).toEqual([200, 'close']);
  // The client takes it for a lost connection and comes back; a goodbye by name would keep it away.
  expect(reasons).toEqual(['transport close']);
  expect(client.socket.active).toBe(true);
  expect(await program.exitCode).toBe(0);
});

it('hears Meta’s answer to what it sends', async () => {
  let answer: (how: 'ok') => void = () => undefined;
  instance.graph.answer = () => new Promise((resolve) => (answer = resolve));
  const { status, body } = await instance.send();
  expect(status).toBe(201);
  await waitFor(() => instance.graph.sends.length > 0);

  instance.program.signal('SIGTERM');
  await waitFor(() => instance.refusesConnections());
  answer('ok');
  expect(await instance.program.exitCode).toBe(0);
  expect(await instance.statusOf(JSON.parse(body) as Message)).toBe('accepted');
});

it('ends at once at a second signal, and leaves the rest to the lease', async () => {
  instance.graph.answer = () => 'hang';
  const { body } = await instance.send();
  await waitFor(() => instance.graph.sends.length > 0);

  instance.program.signal('SIGTERM');
  await waitFor(() => instance.refusesConnections());
  instance.program.signal('SIGTERM');
  expect(await instance.program.exitCode).toBe(1);
  expect(await instance.statusOf(JSON.parse(body) as Message)).toBe('sending');
});

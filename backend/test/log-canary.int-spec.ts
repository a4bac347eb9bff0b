import type { ConversationList, Problem, Session } from '@parley/contract';
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, testRedisUrl, type TestDatabase } from './support/database.js';
import { FakeGraph, graphError } from './support/fake-graph.js';
import { build, inRepository, type Program, startProgram } from './support/faults/program.js';
import { waitFor } from './support/wait-for.js';
import { envelope, PHONE_NUMBER_ID, post, sign, text } from './support/webhook-rig.js';

/** Each is planted somewhere; none may be in anything that the process writes. */
const CANARY = {
  body: 'canary-body-7f3a',
  secret: 'canary-app-key-0123456789',
  verify: 'canary-verify-55',
  access: 'canaryaccess0123456789',
  password: 'canary passphrase 42',
  email: 'canary@example.org',
  jwt: `canary${randomBytes(20).toString('hex')}`,
  phone: '12065559876',
  metrics: 'canary-metrics-0123456789',
};

describe('what the process writes', () => {
  let database: TestDatabase;
  let graph: FakeGraph;
  let program: Program;
  let accessToken: string;

  beforeAll(async () => {
    await build();
    [database, graph] = await Promise.all([createTestDatabase(), FakeGraph.start()]);
    program = await startProgram(inRepository('backend', 'dist', 'main.js'), {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      TRUST_PROXY: 'loopback',
      DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl(),
      JWT_SECRET: CANARY.jwt,
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      ADMIN_EMAIL: CANARY.email,
      ADMIN_PASSWORD: CANARY.password,
      METRICS_TOKEN: CANARY.metrics,
      WHATSAPP_APP_SECRET: CANARY.secret,
      WHATSAPP_WEBHOOK_TOKEN: CANARY.verify,
      WHATSAPP_GRAPH_URL: graph.url,
      WHATSAPP_ACCESS_TOKEN: CANARY.access,
      WHATSAPP_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
      WHATSAPP_BUSINESS_ACCOUNT_ID: '318840027715906',
    });
  }, 180_000);
  afterAll(async () => {
    await program.kill();
    await graph.close();
    await database.drop();
  });

  /** One request as a client makes it; `requestId` as a proxy would name it. */
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${program.url}${path}`, {
      method,
      headers: {
        ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
  const lines = () =>
    program
      .output()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const deliver = (body: string) => post(program, body, sign(body, CANARY.secret));
  const customer = (words: string) =>
    deliver(
      envelope({
        messages: [text(`wamid.${randomUUID()}`, words, { from: CANARY.phone, at: Math.floor(Date.now() / 1_000) })],
      }),
    );
  async function sql(statement: string, to = database.url): Promise<void> {
    const client = new pg.Client({ connectionString: to });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  it('holds no canary, whatever fails, and names the request, the delivery and the message', async () => {
    await call('POST', '/api/auth/login', { email: CANARY.email, password: `${CANARY.password}x` });
    await call('POST', '/api/auth/login', `{"email":"${CANARY.email}","password":${CANARY.password}`);
    const login = await call('POST', '/api/auth/login', { email: CANARY.email, password: CANARY.password });
    ({ accessToken } = JSON.parse(login.text) as Session);
    await call('GET', `/api/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=${CANARY.verify}x&hub.challenge=1`);
    await call('GET', `/api/conversations?q=${CANARY.body}&cursor=${CANARY.access}`);
    await call('GET', `/api/${CANARY.body}?access_token=${CANARY.access}`);
    await call('GET', '/metrics', undefined, { authorization: `Bearer ${CANARY.metrics}` });

    // Through the door: signed badly, signed and broken, signed and good.
    const bad = envelope({ messages: [text('wamid.bad', CANARY.body, { from: CANARY.phone })] });
    expect(await post(program, bad, sign(bad, 'another-secret-of-somebody'))).toBe(401);
    expect(await deliver(`{"object":"${CANARY.body}`)).toBe(200);
    expect(await customer(CANARY.body)).toBe(200);
    const conversationId = await waitFor(async () => {
      const { text: list } = await call('GET', '/api/conversations');
      return (JSON.parse(list) as ConversationList).items[0]?.id;
    });
    const send = (words: string, headers = {}) =>
      call(
        'POST',
        `/api/conversations/${conversationId}/messages`,
        { clientMessageId: randomUUID(), type: 'text', text: { body: words } },
        headers,
      );

    // Meta refuses, with words that name the customer; then answers nonsense; then the token is refused.
    graph.answer = () => graphError(131_026, `${CANARY.body} to ${CANARY.phone} with ${CANARY.access}`);
    await send(CANARY.body);
    await waitFor(() => lines().some(({ message }) => String(message).includes("Meta's code 131026")));
    graph.answer = () => ({ status: 502, text: `${CANARY.body} ${CANARY.access}` });
    await send(CANARY.body);
    await waitFor(() => lines().some(({ message }) => String(message).includes('was not accepted: ambiguous')));
    graph.answer = () => graphError(190, `${CANARY.access} ${CANARY.phone}`);

    // PostgreSQL quotes what it refuses: in a request, and in a delivery.
    await sql(`create function quote_it() returns trigger language plpgsql as $$
                 begin perform (new.body || ' ${CANARY.phone}')::integer; return new; end $$;
               create trigger quote_it before insert on messages for each row execute function quote_it()`);
    const refused = await send(CANARY.body, { 'x-request-id': 'proxy-named-0001' });
    expect(refused.status).toBe(500);
    expect(refused.headers.get('x-request-id')).toBe('proxy-named-0001');
    expect((JSON.parse(refused.text) as Problem).requestId).toBe('proxy-named-0001');
    expect(lines().filter(({ requestId }) => requestId === 'proxy-named-0001')).toHaveLength(1);
    expect(await customer(CANARY.body)).toBe(200);
    await waitFor(() => lines().some(({ deliveryId }) => typeof deliveryId === 'string'));
    await sql('drop trigger quote_it on messages');

    // PostgreSQL away, under load of the same words.
    const admin = new URL(database.url);
    const name = admin.pathname.slice(1);
    admin.pathname = '/postgres';
    await sql(`alter database "${name}" with allow_connections false`, admin.href);
    await sql(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`, admin.href);
    expect((await send(CANARY.body)).status).toBeGreaterThanOrEqual(500);
    expect(await customer(CANARY.body)).toBe(503);
    await waitFor(() => lines().some(({ message }) => String(message).includes('deliveries cannot be stored')));
    await sql(`alter database "${name}" with allow_connections true`, admin.href);

    const written = program.output();
    expect(lines().length).toBeGreaterThan(8);
    for (const canary of [...Object.values(CANARY), accessToken]) {
      const found = written.split('\n').filter((line) => line.includes(canary));
      expect(found, `a line with ${canary}`).toEqual([]);
    }
    for (const { level, timestamp, message } of lines()) {
      expect([typeof level, typeof timestamp, typeof message]).toEqual(['string', 'number', 'string']);
    }
  }, 90_000);
});

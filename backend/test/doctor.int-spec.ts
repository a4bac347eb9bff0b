import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEnvironment, type Environment } from '../src/config/environment.js';
import { checkDatabase } from '../src/doctor/check-stores.js';
import { DoctorRepository } from '../src/doctor/doctor.repository.js';
import { examine } from '../src/doctor/examine.js';
import type { FindingState } from '../src/doctor/finding.js';
import { testRedisUrl } from './support/database.js';
import { CloudApi } from './support/faults/cloud-api.js';
import { waitFor } from './support/wait-for.js';
import { startTestApp, TEST_APP_SECRET, TEST_VERIFY_TOKEN, type TestApp } from './support/test-app.js';

const NUMBER = '274119865530142';
const ACCOUNT = '318840027715906';
const TOKEN = 'doctor-access-0123456789';
const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

describe('the doctor', () => {
  let meta: CloudApi;
  let test: TestApp;
  let base: Record<string, string>;
  let redis: Redis;

  beforeAll(async () => {
    redis = new Redis(testRedisUrl());
    meta = await CloudApi.start({
      SIMULATOR_PORT: '0',
      SIMULATOR_APP_SECRET: TEST_APP_SECRET,
      SIMULATOR_ACCESS_TOKEN: TOKEN,
      SIMULATOR_PHONE_NUMBER_ID: NUMBER,
      SIMULATOR_BUSINESS_ACCOUNT_ID: ACCOUNT,
    });
    base = {
      JWT_SECRET: '0123456789abcdefghijklmnopqrstuv',
      ENCRYPTION_KEYS: KEYS,
      WHATSAPP_GRAPH_URL: meta.url,
      WHATSAPP_ACCESS_TOKEN: TOKEN,
      WHATSAPP_PHONE_NUMBER_ID: NUMBER,
      WHATSAPP_BUSINESS_ACCOUNT_ID: ACCOUNT,
    };
    test = await startTestApp({ env: base });
    Object.assign(base, {
      DATABASE_URL: test.testDatabase.url,
      REDIS_URL: testRedisUrl(),
      DATA_DIR: '/tmp',
      PUBLIC_URL: test.url,
      WHATSAPP_APP_SECRET: TEST_APP_SECRET,
      WHATSAPP_WEBHOOK_TOKEN: TEST_VERIFY_TOKEN,
      METRICS_TOKEN: '0123456789abcdef',
    });
  });
  afterAll(async () => {
    redis.disconnect();
    await test.close();
    await meta.stop();
  });

  const environment = (over: Record<string, string> = {}): Environment => loadEnvironment({ ...base, ...over });

  /** What is not as it should be, with what to do; the throw-away services and this machine are what they are. */
  async function faults(over: Record<string, string> = {}): Promise<Record<string, FindingState>> {
    const findings = await examine(environment(over));
    for (const { state, todo, title } of findings) {
      expect([title, todo.length > 20]).toEqual([title, state === 'warn' || state === 'fail']);
    }
    const text = JSON.stringify(findings);
    for (const secret of [TOKEN, TEST_APP_SECRET, TEST_VERIFY_TOKEN, base['JWT_SECRET'] ?? '']) {
      expect(text).not.toContain(secret);
    }
    const ofTheTest = new Set(['public_url', 'database.durable', 'database.settings', 'redis.persistence', 'disk']);
    return Object.fromEntries(
      findings.filter(({ id, state }) => state !== 'ok' && !ofTheTest.has(id)).map(({ id, state }) => [id, state]),
    );
  }

  it('finds nothing where nothing is wrong, and the settings that tests run with', async () => {
    expect(await faults()).toEqual({});
    const findings = await examine(environment());
    // Tests run without fsync: that is exactly what it is there to notice.
    expect(findings.find(({ id }) => id === 'database.durable')).toMatchObject({ state: 'fail' });
    expect(findings.find(({ id }) => id === 'public_url')).toMatchObject({ state: 'fail' });
    expect(findings.map(({ id }) => id)).toContain('clock.meta');
  });

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>, Record<string, FindingState>]>([
    [
      'a token that Meta no longer takes',
      () => meta.control('POST', 'token', { expired: true }),
      () => meta.control('POST', 'token', { expired: false }),
      { token: 'fail', subscription: 'fail', number: 'fail', 'token.scopes': 'skip' },
    ],
    [
      'a token that runs out within days',
      () => meta.control('POST', 'token', { expiresAt: Math.floor(Date.now() / 1_000) + 3 * 86_400 }),
      () => meta.control('POST', 'token', { expiresAt: 0 }),
      { token: 'fail' },
    ],
    [
      'a token without a permission',
      () => meta.control('POST', 'token', { scopes: ['whatsapp_business_messaging'] }),
      () => meta.control('POST', 'token', { scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'] }),
      { 'token.scopes': 'fail' },
    ],
    [
      'an account that nobody subscribed to',
      () => meta.control('POST', 'subscriptions', { subscribed: false }),
      () => meta.control('POST', 'subscriptions', { subscribed: true }),
      { subscription: 'fail' },
    ],
    [
      'a number that is not registered',
      () => meta.control('POST', 'numbers', { id: NUMBER, registered: false }),
      () => meta.control('POST', 'numbers', { id: NUMBER }),
      { number: 'fail' },
    ],
    [
      'a number that customers block',
      () => meta.control('POST', 'numbers', { id: NUMBER, qualityRating: 'RED' }),
      () => meta.control('POST', 'numbers', { id: NUMBER }),
      { 'number.quality': 'warn' },
    ],
    [
      'a number that Meta took off',
      () => meta.control('POST', 'numbers', { id: NUMBER, status: 'BANNED' }),
      () => meta.control('POST', 'numbers', { id: NUMBER }),
      { number: 'fail' },
    ],
    [
      'a name that Meta declined',
      () => meta.control('POST', 'numbers', { id: NUMBER, nameStatus: 'DECLINED' }),
      () => meta.control('POST', 'numbers', { id: NUMBER }),
      { number: 'warn' },
    ],
    [
      'a number that Meta lets nothing out of',
      () => meta.control('POST', 'numbers', { id: NUMBER, canSendMessage: 'BLOCKED' }),
      () => meta.control('POST', 'numbers', { id: NUMBER }),
      { number: 'fail' },
    ],
    [
      'a Redis that evicts',
      () => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'),
      () => redis.config('SET', 'maxmemory-policy', 'noeviction'),
      { 'redis.policy': 'fail' },
    ],
    [
      'a migration that was not run',
      () => test.database.pool.query(`delete from migrations where name = 'Work1795300000004'`),
      () =>
        test.database.pool.query(
          `insert into migrations (timestamp, name) values (1795300000004, 'Work1795300000004')`,
        ),
      { 'database.migrations': 'fail' },
    ],
  ])('finds %s', async (_what, breakIt, mendIt, expected) => {
    await breakIt();
    const found = await faults().finally(mendIt);
    expect(found).toEqual(expected);
  });

  it.each<[string, Record<string, string>, Record<string, FindingState>]>([
    [
      'another verify token than the instances have',
      { WHATSAPP_WEBHOOK_TOKEN: 'another-verify-token' },
      { webhook: 'fail' },
    ],
    ['a public address where nobody listens', { PUBLIC_URL: 'http://127.0.0.1:1' }, { webhook: 'fail' }],
    ['the secret of another app', { WHATSAPP_APP_SECRET: 'of-another-app-0123' }, { app_secret: 'fail' }],
    ['a secret that is easy to guess', { JWT_SECRET: 'abababababababababababababababab' }, { secrets: 'warn' }],
    [
      'https without a proxy to believe',
      { PUBLIC_URL: 'https://inbox.invalid' },
      { webhook: 'fail', trust_proxy: 'warn' },
    ],
    [
      'a key ring without the key',
      { ENCRYPTION_KEYS: `k2:${Buffer.alloc(32, 8).toString('base64')}` },
      { encryption_keys: 'fail' },
    ],
    ['an absent Redis', { REDIS_URL: 'redis://127.0.0.1:1' }, { redis: 'fail', 'redis.policy': 'skip' }],
    ['an absent PostgreSQL', { DATABASE_URL: 'postgresql://127.0.0.1:1/x' }, { database: 'fail' }],
    [
      'a Graph API that cannot be reached',
      { WHATSAPP_GRAPH_URL: 'http://127.0.0.1:1' },
      { token: 'fail', 'token.scopes': 'skip', subscription: 'skip', number: 'skip' },
    ],
  ])('finds %s', async (_what, over, expected) => {
    expect(await faults(over)).toEqual(expected);
  });

  it.each([
    [5, { 'clock.database': 'warn' }],
    [60, { 'clock.database': 'warn', 'clock.meta': 'fail' }],
  ])('finds a clock that is %i s ahead', async (seconds, expected) => {
    const now = Date.now.bind(Date);
    const ahead = vi.spyOn(Date, 'now').mockImplementation(() => now() + seconds * 1_000);
    const found = await faults().finally(() => ahead.mockRestore());
    expect(found).toEqual(expected);
  });

  it('finds who holds the log back', async () => {
    const client = new pg.Client({ connectionString: test.testDatabase.url, application_name: 'a-report' });
    await client.connect();
    await client.query('begin; select pg_current_xact_id()');
    const database = await DoctorRepository.open(test.testDatabase.url);
    // The longest of the whole server is named: that may be another database's for a moment.
    const log = await waitFor(async () => {
      const findings = await checkDatabase(database, 0);
      return findings.find(({ id, detail }) => id === 'database.horizon' && detail.includes('a-report'));
    }, 'the report to be the longest');
    await database.close();
    await client.query('rollback');
    await client.end();
    expect(log).toMatchObject({ state: 'fail' });
  });
});

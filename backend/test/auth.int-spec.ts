import type { Session } from '@parley/contract';
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SessionsService } from '../src/agents/sessions.service.js';
import { AuthService } from '../src/auth/auth.service.js';
import { SignInUpkeep } from '../src/auth/sign-in.upkeep.js';
import { query } from '../src/database/database.js';
import { startTestApp, TEST_PASSWORD, type TestAgent, type TestApp } from './support/test-app.js';

interface Answer {
  status: number;
  body: { code?: string; accessToken?: string; retryAfterSeconds?: number };
  cookie: string | null;
  headers: Headers;
}

describe('sign-in and sessions', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp();
  });
  afterAll(() => test.close());

  /** `POST /api/auth/…` with a cookie, as a browser would. */
  async function post(path: string, cookie: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${test.url}/api/auth/${path}`, { method: 'POST', headers: { cookie, ...headers } });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
      cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? null,
      headers: response.headers,
    };
  }

  const me = (agent: TestAgent) => test.call(agent, 'GET', '/agents/me');
  const passTime = (interval: string) =>
    query(test.database.pool, `update app_clock set shift = shift + $1::interval`, [interval]);

  it('answers the same for a wrong password and an unknown account', async () => {
    const { email } = await test.given.agent();
    const wrong = await test.call(null, 'POST', '/auth/login', { email, password: 'not this one' });
    const unknown = await test.call(null, 'POST', '/auth/login', { email: 'nobody@example.org', password: 'x' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'auth.invalid' } });
    expect({ ...(unknown.body as object), requestId: '' }).toEqual({ ...(wrong.body as object), requestId: '' });
  });

  it('keeps the refresh token out of the body and in an httpOnly, strict cookie', async () => {
    const { email } = await test.given.agent();
    const answer = await test.call<Session>(null, 'POST', '/auth/login', { email, password: TEST_PASSWORD });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(/Path=\/api\/auth/);
    const token = cookie.split(';')[0]?.split('=')[1] ?? 'none';
    expect(JSON.stringify(answer.body)).not.toContain(token);
  });

  it('evaluates only so many guesses, also when they come at once', async () => {
    const { email } = await test.given.agent();
    // So many that the next one blocks for more than a minute: nothing here depends on how fast the machine is.
    await query(test.database.pool, 'insert into login_throttles values ($1, 13, null, app_now())', [
      `account:${email}`,
    ]);
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        test.call<{ code: string }>(null, 'POST', '/auth/login', { email, password: `guess ${String(index)}` }),
      ),
    );
    const evaluated = guesses.filter(({ body }) => body.code === 'auth.invalid');
    expect(evaluated).toHaveLength(1);
    expect(guesses.filter(({ status }) => status === 429).length).toBe(39);
    const right = await test.call(null, 'POST', '/auth/login', { email, password: TEST_PASSWORD });
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    await passTime('20 minutes');
    expect((await test.call(null, 'POST', '/auth/login', { email, password: TEST_PASSWORD })).status).toBe(200);
  });

  it('lets a blocked address neither lock an account nor fill the table', async () => {
    const { email } = await test.given.agent();
    const address = '203.0.113.5';
    await query(
      test.database.pool,
      `insert into login_throttles values ($1, 90, app_now() + interval '5 minutes', app_now())`,
      [`address:${address}`],
    );
    const auth = test.app.get(AuthService, { strict: false });
    await expect(auth.login({ email, password: 'a guess' }, address, null)).rejects.toMatchObject({
      code: 'rate.limited',
      extra: { retryAfterSeconds: 300 },
    });
    const noted = await query(test.database.pool, 'select from login_throttles where key = $1', [`account:${email}`]);
    expect(noted).toHaveLength(0);
  });

  it('forgets sessions and attempts that count no more', async () => {
    const [gone, stays] = [await test.given.agent(), await test.given.agent()];
    await post('logout', gone.cookie);
    await test.call(null, 'POST', '/auth/login', { email: gone.email, password: 'not this one' });
    await passTime('25 hours');
    const upkeep = test.app.get(SignInUpkeep, { strict: false });
    await upkeep.run();
    const left = await query<{ id: string }>(
      test.database.pool,
      'select agent_id as id from sessions where agent_id in ($1, $2)',
      [gone.id, stays.id],
    );
    expect(left).toEqual([{ id: stays.id }]);
    expect(await query(test.database.pool, 'select from login_throttles')).toHaveLength(0);
    await passTime('15 days');
    await upkeep.run();
    expect(await query(test.database.pool, 'select from refresh_tokens')).toHaveLength(0);
  });

  it('rotates the refresh token, lets a second tab in for a moment, and ends the family on reuse', async () => {
    const agent = await test.given.agent();
    const first = await post('refresh', agent.cookie);
    expect(first.status).toBe(200);
    const sameMoment = await post('refresh', agent.cookie);
    expect(sameMoment).toMatchObject({ status: 200, cookie: first.cookie });

    const second = await post('refresh', first.cookie ?? '');
    expect(second.status).toBe(200);
    expect(second.cookie).not.toBe(first.cookie);
    const stolen = await post('refresh', agent.cookie);
    expect(stolen).toMatchObject({ status: 401, body: { code: 'auth.refresh_invalid' } });
    expect((await post('refresh', second.cookie ?? '')).status).toBe(401);
    expect((await me(agent)).status).toBe(401);
  });

  it('serves several tabs that refresh at the same moment', async () => {
    const agent = await test.given.agent();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('refresh', agent.cookie)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ cookie }) => cookie)).size).toBe(1);
    expect((await post('refresh', answers[0]?.cookie ?? '')).status).toBe(200);
  });

  it('ends access at once on sign-out', async () => {
    const agent = await test.given.agent();
    expect((await me(agent)).status).toBe(200);
    expect((await post('logout', agent.cookie)).status).toBe(204);
    expect(await me(agent)).toMatchObject({ status: 401, body: { code: 'auth.required' } });
    expect((await post('refresh', agent.cookie)).status).toBe(401);
  });

  it('refuses the cookie to another origin', async () => {
    const agent = await test.given.agent();
    const foreign = await post('refresh', agent.cookie, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    expect((await post('refresh', agent.cookie, { origin: test.url })).status).toBe(200);
  });

  it('keeps the cookie while the database is away', async () => {
    const agent = await test.given.agent();
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' });
    vi.spyOn(test.app.get(SessionsService, { strict: false }), 'rotate').mockRejectedValueOnce(away);
    const answer = await post('refresh', agent.cookie);
    expect(answer).toMatchObject({ status: 503, cookie: null });
    expect((await post('refresh', agent.cookie)).status).toBe(200);
  });

  it('over https uses a secure cookie, takes it back as one, and knows its page behind a proxy', async () => {
    const origin = 'https://inbox.example.org';
    const secure = await startTestApp({ env: { PUBLIC_URL: `${origin}/` }, sharing: test });
    try {
      const { cookie } = await secure.given.agent();
      expect(cookie).toMatch(/^__Secure-parley_refresh=/);
      const refresh = await fetch(`${secure.url}/api/auth/refresh`, { method: 'POST', headers: { cookie, origin } });
      expect(refresh.status).toBe(200);
      const out = await fetch(`${secure.url}/api/auth/logout`, { method: 'POST', headers: { cookie, origin } });
      expect(out.headers.getSetCookie()[0]).toMatch(/^__Secure-parley_refresh=;.*; Secure/);
    } finally {
      await secure.close();
    }
  });

  it('ends sessions that were idle too long', async () => {
    const agent = await test.given.agent();
    await passTime('15 days');
    expect((await post('refresh', agent.cookie)).status).toBe(401);
  });

  it('refuses tokens of another key, algorithm, kind or audience', async () => {
    const agent = await test.given.agent();
    const [header = '', payload = ''] = agent.token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const forge = (change: object, secret = test.environment.jwtSecret, head = header): string => {
      const body = Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url');
      return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
    };
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    expect((await me({ ...agent, token: forge({}) })).status).toBe(200);
    for (const token of [
      forge({}, 'another key'),
      forge({ typ: 'refresh' }),
      forge({ aud: 'somebody-else' }),
      forge({ iss: 'somebody-else' }),
      forge({ exp: 1 }),
      forge({ sid: randomUUID() }),
      forge({ sub: randomUUID() }),
      `${none}.${payload}.`,
      'not-a-token',
    ]) {
      expect(await me({ ...agent, token })).toMatchObject({ status: 401, body: { code: 'auth.required' } });
    }
  });

  it('ends sessions at once when an admin changes role, password or activity', async () => {
    const admin = await test.given.agent({ role: 'admin' });
    for (const change of [{ role: 'supervisor' }, { password: 'a new long password' }, { active: false }]) {
      const agent = await test.given.agent();
      expect((await test.call(admin, 'PATCH', `/agents/${agent.id}`, change)).status).toBe(200);
      expect((await me(agent)).status).toBe(401);
      expect((await post('refresh', agent.cookie)).status).toBe(401);
    }
    const renamed = await test.given.agent();
    expect((await test.call(admin, 'PATCH', `/agents/${renamed.id}`, { name: 'Anna' })).status).toBe(200);
    expect(await me(renamed)).toMatchObject({ status: 200, body: { name: 'Anna' } });
  });

  it('changes a password with the current one only and ends the other sessions', async () => {
    const agent = await test.given.agent();
    const elsewhere = await test.signIn(agent.email);
    const change = (current: string) =>
      test.call(agent, 'POST', '/auth/password', { current, next: 'another long password' });
    expect(await change('wrong')).toMatchObject({ status: 401, body: { code: 'auth.invalid' } });
    expect((await change(TEST_PASSWORD)).status).toBe(204);
    expect((await me(agent)).status).toBe(200);
    expect((await me(elsewhere)).status).toBe(401);
    await expect(test.signIn(agent.email)).rejects.toThrow('401');
    await test.signIn(agent.email, 'another long password');
  });

  it('lets nobody guess the current password', async () => {
    const agent = await test.given.agent();
    await query(test.database.pool, 'insert into login_throttles values ($1, 13, null, app_now())', [
      `password:${agent.id}`,
    ]);
    const change = (current: string) =>
      test.call(agent, 'POST', '/auth/password', { current, next: 'another long password' });
    expect(await change('a guess')).toMatchObject({ status: 401, body: { code: 'auth.invalid' } });
    expect(await change(TEST_PASSWORD)).toMatchObject({ status: 429, body: { code: 'rate.limited' } });
    await passTime('20 minutes');
    expect((await change(TEST_PASSWORD)).status).toBe(204);
  });

  it('keeps one active admin', async () => {
    const fresh = await startTestApp();
    try {
      const admin = await fresh.given.agent({ role: 'admin' });
      for (const change of [{ active: false }, { role: 'agent' }]) {
        const answer = await fresh.call(admin, 'PATCH', `/agents/${admin.id}`, change);
        expect(answer).toMatchObject({ status: 409, body: { code: 'agent.last_admin' } });
      }
      const second = await fresh.given.agent({ role: 'admin' });
      const both = await Promise.all([
        fresh.call(admin, 'PATCH', `/agents/${second.id}`, { active: false }),
        fresh.call(second, 'PATCH', `/agents/${admin.id}`, { active: false }),
      ]);
      expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });

  it('makes the first admin from the environment, once', async () => {
    const env = { ADMIN_EMAIL: 'owner@example.org', ADMIN_PASSWORD: 'chosen by the owner' };
    const first = await startTestApp({ env });
    try {
      const admin = await first.signIn(env.ADMIN_EMAIL, env.ADMIN_PASSWORD);
      expect(admin.role).toBe('admin');
      const again = await startTestApp({ env: { ...env, ADMIN_PASSWORD: 'changed in the file' }, sharing: first });
      await again.close();
      await first.signIn(env.ADMIN_EMAIL, env.ADMIN_PASSWORD);
    } finally {
      await first.close();
    }
  });
});

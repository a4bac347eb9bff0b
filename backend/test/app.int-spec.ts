import { getStorageToken, type ThrottlerStorage } from '@nestjs/throttler';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HintsService } from '../src/hints/hints.service.js';
import { testRedisUrl } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

interface ApiDocument {
  openapi: string;
  paths: Record<string, Record<string, ApiOperation>>;
  components: { schemas: Record<string, object> };
}

interface ApiOperation {
  operationId: string;
  summary?: string;
  security?: object[];
  responses: Record<string, { content?: Record<string, object> }>;
}

describe('the application', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp();
  });
  afterAll(() => test.close());

  it('is live and ready', async () => {
    expect(await test.call(null, 'GET', '/health/live')).toMatchObject({ status: 200, body: { live: true } });
    expect(await test.call(null, 'GET', '/health/ready')).toMatchObject({ status: 200, body: { database: 'up' } });
  });

  it('answers unknown routes and broken requests with problem documents', async () => {
    const unknown = await test.call(null, 'GET', '/nothing-here');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'route.not_found', status: 404 } });
    expect(unknown.headers.get('content-type')).toMatch('application/problem+json');
    const broken = await fetch(`${test.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"email":',
    });
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ code: 'request.invalid' });
    const fields = await test.call(null, 'POST', '/auth/login', { email: '' });
    expect(fields).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect((fields.body as { fields: { path: string }[] }).fields.map((field) => field.path)).toEqual([
      'email',
      'password',
    ]);
  });

  it('refuses a body that is too large and a form of another page', async () => {
    const large = await fetch(`${test.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'x'.repeat(100_000), password: 'x' }),
    });
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ code: 'request.too_large' });
    const form = await fetch(`${test.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'email=a&password=b',
    });
    expect([400, 415]).toContain(form.status);
  });

  it('limits each agent on their own, and says when to come again', async () => {
    const storage = test.app.get<ThrottlerStorage>(getStorageToken(), { strict: false });
    const increment = vi.spyOn(storage, 'increment');
    const [ana, ben] = [await test.given.agent(), await test.given.agent()];
    increment.mockClear();
    for (const agent of [ana, ana, ben]) expect((await test.call(agent, 'GET', '/agents/me')).status).toBe(200);
    const [first, second, others] = increment.mock.calls.map(([key]) => key);
    expect(second).toBe(first);
    expect(others).not.toBe(first);
    increment.mockResolvedValueOnce({ totalHits: 1_001, timeToExpire: 10, isBlocked: true, timeToBlockExpire: 10 });
    const refused = await test.call(ana, 'GET', '/agents/me');
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate.limited' } });
    expect(refused.headers.get('retry-after')).toBe('10');
  });

  it('overlooks what others write to the channel of its hints', async () => {
    const redis = new Redis(testRedisUrl());
    const heard = vi.fn();
    const stop = test.app.get(HintsService, { strict: false }).on('log', heard);
    const strange = ['{', 'null', '{"origin":"x","name":"error","payload":1}', '{"name":"log","payload":{"xid":7}}'];
    for (const text of strange) await redis.publish('parley:hints', text);
    await redis.publish('parley:hints', JSON.stringify({ origin: 'x', name: 'log', payload: { xid: '7' } }));
    await waitFor(() => heard.mock.calls.length > 0);
    expect(heard.mock.calls).toContainEqual([{ xid: '7' }]);
    stop();
    redis.disconnect();
  });

  it('sends strict security headers', async () => {
    const { headers } = await test.call(null, 'GET', '/health/live');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('describes itself in OpenAPI 3.1: every route with a name, a summary, its answers and its problems', async () => {
    const { status, body } = await test.call<ApiDocument>(null, 'GET', '/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, ...operation })),
    );
    expect(operations.filter(({ summary }) => !summary).map(({ route }) => route)).toEqual([]);
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('conversationsClaim');
    for (const { route, responses } of operations) {
      expect([route, Object.keys(responses).some((code) => code.startsWith('2'))]).toEqual([route, true]);
      const problems = Object.entries(responses).filter(([code]) => !code.startsWith('2'));
      const types = problems.flatMap(([, { content }]) => Object.keys(content ?? {}));
      expect([route, ...new Set(types)]).toEqual([route, 'application/problem+json']);
    }
    expect(body.components.schemas).toHaveProperty('Problem');
    expect(body.paths['/api/auth/login']?.['post']?.security).toEqual([{}]);
    expect(body.paths['/api/webhooks/whatsapp']?.['post']?.security).toEqual([{}]);
    expect(body.paths['/api/conversations']?.['get']?.security).toBeUndefined();
  });
});

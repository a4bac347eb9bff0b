import { type AgentRole, agentRoles } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Permission, roleAllows } from '../src/common/access/permissions.js';
import { socketEvents } from '../src/realtime/socket-events.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';

/** Every route and who may call it. A new route fails this test until somebody decides and writes it down here. */
const matrix: Record<string, Permission | 'public'> = {
  'GET /api/auth/options': 'public',
  'POST /api/auth/login': 'public',
  'POST /api/auth/refresh': 'public',
  'POST /api/auth/logout': 'public',
  'POST /api/auth/password': 'session.own',
  'GET /api/agents/me': 'session.own',
  'GET /api/agents': 'agents.read',
  'POST /api/agents': 'agents.manage',
  'PATCH /api/agents/{id}': 'agents.manage',
  'GET /api/teams': 'teams.read',
  'POST /api/teams': 'teams.manage',
  'PUT /api/teams/{id}/members': 'teams.manage',
  'GET /api/channels': 'channels.read',
  'POST /api/channels': 'channels.manage',
  'PATCH /api/channels/{id}': 'channels.manage',
  'GET /api/channels/{id}/bot-rules': 'bot.read',
  'PUT /api/channels/{id}/bot-rules': 'bot.manage',
  'POST /api/channels/{id}/bot-rules/dry-run': 'bot.read',
  'GET /api/conversations': 'conversations.read',
  'GET /api/conversations/counts': 'conversations.read',
  'GET /api/conversations/{id}': 'conversations.read',
  'GET /api/conversations/{id}/messages': 'conversations.read',
  'POST /api/conversations/{id}/read': 'conversations.read',
  'POST /api/conversations/{id}/claim': 'conversations.act',
  'POST /api/conversations/{id}/release': 'conversations.act',
  'POST /api/conversations/{id}/assign': 'conversations.act',
  'POST /api/conversations/{id}/resolve': 'conversations.act',
  'POST /api/conversations/{id}/reopen': 'conversations.act',
  'POST /api/conversations/{id}/snooze': 'conversations.act',
  'POST /api/conversations/{id}/messages': 'messages.send',
  'POST /api/conversations/{id}/messages/{messageId}/resend': 'messages.send',
  'GET /api/events': 'conversations.read',
  'GET /api/webhook-deliveries': 'deliveries.read',
  'GET /api/webhook-deliveries/{id}': 'deliveries.read',
  'GET /api/webhook-deliveries/{id}/body': 'deliveries.read',
  'POST /api/webhook-deliveries/{id}/replay': 'deliveries.replay',
  'GET /api/webhooks/whatsapp': 'public',
  'POST /api/webhooks/whatsapp': 'public',
  'GET /api/health/live': 'public',
  'GET /api/health/ready': 'public',
};

/** Every message that a client may send over its socket, likewise. */
const socketMatrix: Record<string, Permission> = {
  'sync:resume': 'conversations.read',
  'conversation:open': 'conversations.read',
  'conversation:close': 'conversations.read',
  typing: 'conversations.act',
  heartbeat: 'session.own',
  'auth:refresh': 'session.own',
};

describe('who may call what', () => {
  let test: TestApp;
  let agents: Map<AgentRole, TestAgent>;

  beforeAll(async () => {
    test = await startTestApp();
    agents = new Map();
    for (const role of agentRoles) agents.set(role, await test.given.agent({ role }));
  });
  afterAll(() => test.close());

  const routes = Object.entries(matrix);

  /** Calls a route with ids that belong to nothing. */
  async function call(route: string, agent: TestAgent | null): Promise<{ status: number; code: unknown }> {
    const [method = '', path = ''] = route.split(' ');
    const concrete = path.replace(/^\/api/, '').replaceAll(/\{\w+\}/g, randomUUID());
    const answer = await test.call<{ code?: unknown } | null>(
      agent,
      method,
      concrete,
      method === 'GET' ? undefined : {},
    );
    return { status: answer.status, code: answer.body?.code };
  }

  it('lists every route of the OpenAPI document', async () => {
    const { body } = await test.call<{ paths: Record<string, object> }>(null, 'GET', '/openapi.json');
    const documented = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(Object.keys(matrix).sort());
  });

  it('lists every socket event with its permission', () => {
    const declared = Object.entries(socketEvents).map(([name, { permission }]) => [name, permission]);
    expect(Object.fromEntries(declared)).toEqual(socketMatrix);
  });

  it.each(routes.filter(([, needs]) => needs !== 'public'))('%s needs a sign-in', async (route) => {
    expect(await call(route, null)).toEqual({ status: 401, code: 'auth.required' });
  });

  it.each(
    routes.flatMap(([route, needs]) =>
      needs === 'public' ? [] : agentRoles.map((role) => [role, route, needs] as const),
    ),
  )('%s · %s (%s)', async (role, route, needs) => {
    const answer = await call(route, agents.get(role) ?? null);
    if (roleAllows(role, needs)) {
      expect(answer.status).not.toBe(401);
      expect(answer.status).not.toBe(403);
      expect(answer.status).toBeLessThan(500);
    } else {
      expect(answer).toEqual({ status: 403, code: 'auth.forbidden' });
    }
  });
});

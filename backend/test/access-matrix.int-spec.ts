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
  'PATCH /api/agents/me': 'session.own',
  'GET /api/agents/me/sessions': 'session.own',
  'DELETE /api/agents/me/sessions': 'session.own',
  'DELETE /api/agents/me/sessions/{sessionId}': 'session.own',
  'GET /api/agents/me/preferences': 'session.own',
  'PATCH /api/agents/me/preferences': 'session.own',
  'GET /api/agents/roles': 'agents.read',
  'GET /api/agents': 'agents.read',
  'POST /api/agents': 'agents.manage',
  'PATCH /api/agents/{id}': 'agents.manage',
  'POST /api/agents/{id}/password': 'agents.manage',
  'GET /api/agents/{id}/sessions': 'agents.manage',
  'DELETE /api/agents/{id}/sessions/{sessionId}': 'agents.manage',
  'GET /api/workspace': 'session.own',
  'PATCH /api/workspace': 'workspace.manage',
  'GET /api/demo': 'workspace.manage',
  'PATCH /api/demo': 'workspace.manage',
  'DELETE /api/demo': 'workspace.manage',
  'GET /api/setup': 'channels.manage',
  'GET /api/teams': 'teams.read',
  'POST /api/teams': 'teams.manage',
  'PATCH /api/teams/{id}': 'teams.manage',
  'PUT /api/teams/{id}/members': 'teams.manage',
  'GET /api/channels': 'channels.read',
  'POST /api/channels': 'channels.manage',
  'PATCH /api/channels/{id}': 'channels.manage',
  'POST /api/channels/check': 'channels.manage',
  'GET /api/channels/{id}/notices': 'channels.manage',
  'POST /api/channels/{id}/verification-code': 'channels.manage',
  'POST /api/channels/{id}/verification': 'channels.manage',
  'POST /api/channels/{id}/register': 'channels.manage',
  'GET /api/channels/{id}/profile': 'channels.manage',
  'PUT /api/channels/{id}/profile': 'channels.manage',
  'PUT /api/channels/{id}/profile/picture': 'channels.manage',
  'POST /api/channels/{id}/test-message': 'channels.manage',
  'GET /api/channels/limited': 'channels.read',
  'GET /api/channels/{id}/standing': 'channels.manage',
  'POST /api/channels/{id}/standing/dismiss': 'channels.manage',
  'GET /api/channels/{id}/offerings': 'channels.read',
  'GET /api/channels/{id}/used-offerings': 'channels.read',
  'POST /api/channels/{id}/check': 'channels.manage',
  'POST /api/channels/{id}/subscribe': 'channels.manage',
  'POST /api/channels/{id}/disconnect': 'channels.manage',
  'GET /api/channels/{id}/bot-rules': 'bot.read',
  'PUT /api/channels/{id}/bot-rules': 'bot.manage',
  'POST /api/channels/{id}/bot-rules/dry-run': 'bot.read',
  'GET /api/conversations': 'conversations.read',
  'GET /api/conversations/counts': 'conversations.read',
  'POST /api/conversations': 'messages.send',
  'POST /api/conversations/next': 'conversations.act',
  'GET /api/conversations/{id}': 'conversations.read',
  'GET /api/conversations/{id}/messages': 'conversations.read',
  'POST /api/conversations/{id}/read': 'conversations.read',
  'POST /api/conversations/{id}/unread': 'conversations.read',
  'POST /api/conversations/{id}/claim': 'conversations.act',
  'POST /api/conversations/{id}/release': 'conversations.act',
  'POST /api/conversations/{id}/assign': 'conversations.act',
  'POST /api/conversations/{id}/resolve': 'conversations.act',
  'POST /api/conversations/{id}/reopen': 'conversations.act',
  'POST /api/conversations/{id}/snooze': 'conversations.act',
  'POST /api/conversations/{id}/tags': 'conversations.act',
  'POST /api/conversations/{id}/priority': 'conversations.act',
  'POST /api/conversations/{id}/undo': 'conversations.act',
  'GET /api/conversations/{id}/notes': 'conversations.read',
  'POST /api/conversations/{id}/notes': 'conversations.act',
  'PATCH /api/conversations/{id}/notes/{noteId}': 'conversations.act',
  'DELETE /api/conversations/{id}/notes/{noteId}': 'conversations.act',
  'POST /api/conversations/{id}/block': 'conversations.act',
  'DELETE /api/conversations/{id}/block': 'conversations.act',
  'GET /api/conversations/{id}/contact': 'conversations.read',
  'PATCH /api/conversations/{id}/contact': 'conversations.act',
  'GET /api/conversations/{id}/gallery': 'conversations.read',
  'GET /api/answer-mappings': 'workspace.manage',
  'POST /api/answer-mappings': 'workspace.manage',
  'DELETE /api/answer-mappings/{id}': 'workspace.manage',
  'GET /api/contact-merges': 'contacts.merge',
  'POST /api/contact-merges/{id}/accept': 'contacts.merge',
  'POST /api/contact-merges/{id}/refuse': 'contacts.merge',
  'GET /api/drafts': 'conversations.read',
  'PUT /api/conversations/{id}/drafts/{mode}': 'conversations.act',
  'GET /api/tags': 'conversations.read',
  'GET /api/tags/usage': 'tags.manage',
  'POST /api/tags': 'tags.manage',
  'PATCH /api/tags/{name}': 'tags.manage',
  'DELETE /api/tags/{name}': 'tags.manage',
  'POST /api/conversations/{id}/messages/{messageId}/undo': 'messages.send',
  'POST /api/conversations/{id}/messages': 'messages.send',
  'GET /api/conversations/{id}/messages/{messageId}/revisions': 'messages.history',
  'POST /api/conversations/{id}/messages/{messageId}/resend': 'messages.send',
  'POST /api/conversations/{id}/messages/{messageId}/forward': 'messages.send',
  'GET /api/conversations/{id}/messages/{messageId}/raw': 'messages.raw',
  'GET /api/failures': 'conversations.read',
  'GET /api/failures/messages': 'conversations.read',
  'POST /api/failures/dismiss': 'messages.send',
  'POST /api/failures/restore': 'messages.send',
  'GET /api/canned-replies': 'canned_replies.read',
  'POST /api/canned-replies': 'canned_replies.manage',
  'PATCH /api/canned-replies/{id}': 'canned_replies.manage',
  'DELETE /api/canned-replies/{id}': 'canned_replies.manage',
  'GET /api/templates': 'templates.read',
  'POST /api/templates': 'templates.manage',
  'PATCH /api/templates/{templateId}': 'templates.manage',
  'DELETE /api/templates/{templateId}': 'templates.manage',
  'POST /api/templates/sync': 'templates.manage',
  'GET /api/costs': 'costs.read',
  'GET /api/costs/csv': 'costs.read',
  'GET /api/rates': 'costs.read',
  'POST /api/rates': 'rates.manage',
  'POST /api/rates/import': 'rates.manage',
  'PUT /api/rates/billing': 'rates.manage',
  'PATCH /api/rates/{id}': 'rates.manage',
  'DELETE /api/rates/{id}': 'rates.manage',
  'GET /api/conversations/{id}/prices': 'messages.send',
  'GET /api/conversations/{id}/service-price': 'messages.send',
  'GET /api/media/{id}': 'conversations.read',
  'POST /api/media': 'messages.send',
  'POST /api/media/{id}/retry': 'conversations.act',
  'GET /api/events': 'conversations.read',
  'GET /api/notifications': 'conversations.read',
  'POST /api/notifications/read': 'conversations.read',
  'GET /api/push': 'session.own',
  'PUT /api/push/devices': 'session.own',
  'DELETE /api/push/devices/{id}': 'session.own',
  'POST /api/push/devices/{id}/test': 'session.own',
  'GET /api/webhook-deliveries': 'deliveries.read',
  'GET /api/webhook-deliveries/counts': 'deliveries.read',
  'POST /api/webhook-deliveries/replay': 'deliveries.replay',
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

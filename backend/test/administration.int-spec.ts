import type {
  Agent,
  CreatedAgent,
  GeneratedPassword,
  Preferences,
  RoleList,
  SessionList,
  Team,
  Workspace,
} from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveClient } from './support/live-client.js';
import { startTestApp, TEST_PASSWORD, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('what admins and agents change of themselves and each other', () => {
  let test: TestApp;
  let admin: TestAgent;

  beforeAll(async () => {
    test = await startTestApp();
    admin = await test.given.agent({ role: 'admin', name: 'Ada' });
  });
  afterAll(() => test.close());

  it('a password that the server makes signs in, is told once and ends what was open', async () => {
    const email = `${randomUUID()}@example.org`;
    const created = await test.call<CreatedAgent>(admin, 'POST', '/agents', { name: 'Ben', email, role: 'agent' });
    expect(created.headers.get('cache-control')).toBe('no-store');
    const first = created.body.generatedPassword ?? '';
    expect(first).toMatch(/^(?:[a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    const ben = await test.signIn(email, first);
    const listed = await test.call(admin, 'GET', '/agents');
    expect(JSON.stringify(listed.body)).not.toContain(first);

    const reset = await test.call<GeneratedPassword>(admin, 'POST', `/agents/${ben.id}/password`);
    expect(reset.body.password).not.toBe(first);
    expect((await test.call(ben, 'GET', '/agents/me')).status).toBe(401);
    await expect(test.signIn(email, first)).rejects.toThrow('401');
    await test.signIn(email, reset.body.password);
    expect((await test.call(admin, 'POST', `/agents/${randomUUID()}/password`)).body).toMatchObject({
      code: 'agent.not_found',
    });
  });

  it('agents see where they are signed in and end it, there and then', async () => {
    const here = await test.given.agent();
    const there = await test.signIn(here.email, TEST_PASSWORD);
    const elsewhere = await test.signIn(here.email, TEST_PASSWORD);
    const sessions = await test.call<SessionList>(here, 'GET', '/agents/me/sessions');
    expect(sessions.body.items).toHaveLength(3);
    expect(sessions.body.items.filter(({ current }) => current)).toHaveLength(1);
    const live = await new LiveClient(test.url, there.token).ready();
    const [, , oldest] = sessions.body.items;
    const others = sessions.body.items.filter(({ current }) => !current);
    expect(oldest?.current).toBe(true);

    // Whoever knows a session's id may not end it for somebody else.
    const stranger = await test.given.agent();
    const [other] = others;
    expect((await test.call(stranger, 'DELETE', `/agents/me/sessions/${other?.id ?? ''}`)).body).toMatchObject({
      code: 'session.not_found',
    });
    expect((await test.call(admin, 'GET', `/agents/${here.id}/sessions`)).status).toBe(200);
    for (const { id } of others) {
      expect((await test.call(admin, 'DELETE', `/agents/${here.id}/sessions/${id}`)).status).toBe(204);
    }
    await waitFor(() => live.revoked === 'auth.required');
    live.socket.disconnect();
    expect((await test.call(there, 'GET', '/agents/me')).status).toBe(401);
    expect((await test.call(elsewhere, 'GET', '/agents/me')).status).toBe(401);

    await test.signIn(here.email, TEST_PASSWORD);
    expect((await test.call(here, 'DELETE', '/agents/me/sessions')).status).toBe(204);
    const left = await test.call<SessionList>(here, 'GET', '/agents/me/sessions');
    expect(left.body.items).toMatchObject([{ current: true }]);
  });

  it('agents keep their taste on the server, piece by piece', async () => {
    const agent = await test.given.agent();
    const change = (body: object) => test.call<Preferences>(agent, 'PATCH', '/agents/me/preferences', body);
    expect((await test.call(agent, 'GET', '/agents/me/preferences')).body).toEqual({});
    expect((await change({ theme: 'dark', singleKeys: false })).body).toEqual({ theme: 'dark', singleKeys: false });
    expect((await change({ theme: null, locale: 'ar' })).body).toEqual({ singleKeys: false, locale: 'ar' });
    expect((await change({ theme: 'pink' })).status).toBe(400);
    const quiet = { notify: { mention: 'sound' }, quietUntil: '2026-01-06T08:00:00.000Z' };
    expect((await change(quiet)).body).toEqual({ singleKeys: false, locale: 'ar', ...quiet });
    expect((await change({ notify: null, quietUntil: null })).body).toEqual({ singleKeys: false, locale: 'ar' });
    expect((await change({ notify: { mention: 'shouted' } })).status).toBe(400);
    expect((await change({ notify: { lunch: 'sound' } })).status).toBe(400);
    expect((await change({ admin: true })).status).toBe(400);
    expect((await test.call(admin, 'GET', '/agents/me/preferences')).body).toEqual({});
    const renamed = await test.call<Agent>(agent, 'PATCH', '/agents/me', { name: 'Anna' });
    expect(renamed.body).toMatchObject({ id: agent.id, name: 'Anna', role: 'agent' });
    expect((await test.call(agent, 'PATCH', '/agents/me', { role: 'admin' })).status).toBe(400);
  });

  it('teams are renamed, and names stay their own', async () => {
    const make = (name: string) => test.call<Team>(admin, 'POST', '/teams', { name });
    const [sales, care] = [(await make('Sales')).body, (await make('Care')).body];
    const rename = (id: string, name: string) => test.call<Team>(admin, 'PATCH', `/teams/${id}`, { name });
    expect((await rename(sales.id, 'Shop')).body).toMatchObject({ id: sales.id, name: 'Shop' });
    expect((await rename(care.id, 'shop')).body).toMatchObject({ code: 'team.name_taken' });
    expect((await rename(randomUUID(), 'Else')).body).toMatchObject({ code: 'team.not_found' });
  });

  it('the workspace says who changed it', async () => {
    const agent = await test.given.agent();
    expect((await test.call(agent, 'GET', '/workspace')).body).toMatchObject({ name: 'Parley', updatedBy: null });
    const changed = await test.call<Workspace>(admin, 'PATCH', '/workspace', { name: 'Lantern', defaultLocale: 'ar' });
    expect(changed.body).toMatchObject({
      name: 'Lantern',
      defaultLocale: 'ar',
      updatedBy: { id: admin.id, name: 'Ada' },
    });
    const again = await test.call<Workspace>(admin, 'PATCH', '/workspace', { defaultLocale: null });
    expect(again.body).toMatchObject({ name: 'Lantern', defaultLocale: null });
  });

  it('roles are told as the server checks them', async () => {
    const { body } = await test.call<RoleList>(admin, 'GET', '/agents/roles');
    const of = (role: string) => body.items.find((item) => item.role === role)?.permissions ?? [];
    expect(of('agent')).not.toContain('agents.manage');
    expect(of('supervisor')).toContain('deliveries.read');
    expect(of('admin')).toEqual(expect.arrayContaining(of('supervisor')));
  });
});

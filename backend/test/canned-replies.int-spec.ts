import type { CannedReply, CannedReplyList } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TeamsService } from '../src/agents/teams.service.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';

describe('canned replies over HTTP', () => {
  let test: TestApp;
  let ana: TestAgent;
  let lead: TestAgent;

  beforeAll(async () => {
    test = await startTestApp();
    ana = await test.given.agent({ name: 'Ana' });
    lead = await test.given.agent({ name: 'Lea', role: 'supervisor' });
  });
  afterAll(() => test.close());

  const create = (body: object) => test.call<CannedReply>(lead, 'POST', '/canned-replies', body);
  const shortcuts = async (agent: TestAgent) =>
    (await test.call<CannedReplyList>(agent, 'GET', '/canned-replies')).body.items.map(({ shortcut }) => shortcut);

  it('are made, changed and removed by supervisors, and read by everybody', async () => {
    const made = await create({ shortcut: 'hello', title: 'Greeting', body: 'Hi {{contact.name|there}}' });
    expect(made.status).toBe(201);
    const path = `/canned-replies/${made.body.id}`;
    const changed = await test.call<CannedReply>(lead, 'PATCH', path, { title: 'Welcome' });
    expect(changed.body).toMatchObject({ shortcut: 'hello', title: 'Welcome', body: 'Hi {{contact.name|there}}' });
    expect(await shortcuts(ana)).toEqual(['hello']);
    expect((await test.call(ana, 'PATCH', path, { title: 'Mine' })).status).toBe(403);
    expect((await test.call(lead, 'DELETE', path)).status).toBe(204);
    expect((await test.call(lead, 'DELETE', path)).body).toMatchObject({ code: 'canned_reply.not_found' });
  });

  it('have a shortcut of one word that nobody else has, in whatever case', async () => {
    expect((await create({ shortcut: 'two words', title: 'T', body: 'B' })).status).toBe(400);
    expect((await create({ shortcut: 'Hours', title: 'T', body: 'B' })).status).toBe(201);
    expect((await create({ shortcut: 'hours', title: 'T', body: 'B' })).body).toMatchObject({
      code: 'canned_reply.shortcut_taken',
    });
    expect((await create({ shortcut: 'x', title: 'T', body: 'B', teamId: randomUUID() })).body).toMatchObject({
      code: 'team.not_found',
    });
  });

  it('of a team are its members’ and the supervisors’', async () => {
    const teams = test.app.get(TeamsService, { strict: false });
    const team = await teams.create('Returns');
    const made = await create({ shortcut: 'label', title: 'Label', body: 'B', teamId: team.id });
    expect(await shortcuts(ana)).not.toContain('label');
    expect(await shortcuts(lead)).toContain('label');
    await teams.setMembers(team.id, [ana.id]);
    expect(await shortcuts(ana)).toContain('label');
    await test.call(lead, 'PATCH', `/canned-replies/${made.body.id}`, { teamId: null });
    await teams.setMembers(team.id, []);
    expect(await shortcuts(ana)).toContain('label');
  });
});

import type { Problem, RawMessage } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryUpkeep } from '../src/webhook/drain/upkeep.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { drained, envelope, givenTenants, post, rows, text, wipe } from './support/webhook-rig.js';

describe('what Meta posted about one message', () => {
  let app: TestApp;
  let admin: TestAgent;

  beforeAll(async () => {
    app = await startTestApp();
    await givenTenants(app);
    admin = await app.given.agent({ role: 'admin' });
  });
  afterAll(() => app.close());
  beforeEach(() => wipe(app));

  async function arrived(wamid: string): Promise<{ id: string; path: string }> {
    await drained(app);
    const [row] = await rows<{ id: string; conversationId: string }>(
      app,
      'select id, conversation_id as "conversationId" from messages where wamid = $1',
      [wamid],
    );
    if (!row) throw new Error(`${wamid} did not arrive`);
    return { id: row.id, path: `/conversations/${row.conversationId}/messages/${row.id}/raw` };
  }
  const raw = async (path: string) => (await app.call<RawMessage>(admin, 'GET', path)).body;

  it('is its own part of the body, not that of the customer beside it', async () => {
    const other = text('wamid.B', 'Not for these eyes', { from: '12065550199' });
    await post(app, envelope({ messages: [text('wamid.A', 'Hello'), other] }));
    const { path } = await arrived('wamid.A');
    const found = await raw(path);
    expect(found).toMatchObject({
      wamid: 'wamid.A',
      isPruned: false,
      items: [{ kind: 'message', outcome: 'applied' }],
    });
    expect(found.items[0]?.json).toContain('"Hello"');
    expect(found.items[0]?.json).not.toContain('Not for these eyes');
  });

  it('says after some days that it is gone, instead of nothing', async () => {
    await post(app, envelope({ messages: [text('wamid.C', 'Long ago')] }));
    const { path } = await arrived('wamid.C');
    await rows(app, `update app_clock set shift = shift + interval '9 days'`);
    await app.app.get(DeliveryUpkeep, { strict: false }).run();
    expect(await raw(path)).toEqual({ wamid: 'wamid.C', isPruned: true, items: [] });
    await rows(app, `update app_clock set shift = interval '0'`);
  });

  it.each(['agent', 'supervisor'] as const)('is not for an ordinary %s', async (role) => {
    await post(app, envelope({ messages: [text('wamid.D', 'Private')] }));
    const { path } = await arrived('wamid.D');
    const answer = await app.call<Problem>(await app.given.agent({ role }), 'GET', path);
    expect([answer.status, answer.body.code]).toEqual([403, 'auth.forbidden']);
  });

  it('is not found under another conversation', async () => {
    await post(app, envelope({ messages: [text('wamid.E', 'One'), text('wamid.F', 'Two', { from: '12065550199' })] }));
    const [one, two] = [await arrived('wamid.E'), await arrived('wamid.F')];
    for (const path of [one.path.replace(one.id, two.id), one.path.replace(one.id, randomUUID())]) {
      expect((await app.call<Problem>(admin, 'GET', path)).status).toBe(404);
    }
  });
});

import type { Conversation, TagUsageList } from '@parley/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TagChanger } from '../src/conversations/tags/tag-changer.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { drained, envelope, givenTenants, post, rows, text, waitFor } from './support/webhook-rig.js';

let app: TestApp;
let ana: TestAgent;
let supervisor: TestAgent;

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
  ana = await app.given.agent({ role: 'admin' });
  supervisor = await app.given.agent({ role: 'supervisor' });
});
afterAll(() => app.close());

let customers = 0;
async function tagged(...tags: string[]): Promise<string> {
  const from = `120655501${String((customers += 1)).padStart(2, '0')}`;
  await post(app, envelope({ messages: [{ ...text(`wamid.${from}`, 'hello'), from, from_user_id: `US.${from}` }] }));
  await drained(app);
  const [found] = await rows<{ id: string }>(
    app,
    `select c.id from conversations c join messages m on m.conversation_id = c.id and m.wamid = 'wamid.${from}'`,
  );
  if (!found) throw new Error('the message made no conversation');
  await app.call(ana, 'POST', `/conversations/${found.id}/tags`, { add: tags });
  return found.id;
}
const tagsOf = async (id: string): Promise<string[]> =>
  (await app.call<Conversation>(ana, 'GET', `/conversations/${id}`)).body.tags;
const usage = async (): Promise<TagUsageList> => (await app.call<TagUsageList>(supervisor, 'GET', '/tags/usage')).body;
const settled = async (): Promise<void> => {
  await app.app.get(TagChanger).sweep();
  await waitFor(async () => (await usage()).underway.length === 0);
};
const path = (name: string): string => `/tags/${encodeURIComponent(name)}`;

describe('a tag', () => {
  it('is added once, whatever its capitals', async () => {
    expect((await app.call(supervisor, 'POST', '/tags', { name: 'Wholesale' })).status).toBe(204);
    const again = await app.call<{ code: string }>(supervisor, 'POST', '/tags', { name: 'wholesale' });
    expect([again.status, again.body.code]).toEqual([409, 'tag.name_taken']);
    expect((await usage()).items).toContainEqual({ name: 'Wholesale', conversations: 0 });
  });

  it('that gets another name has it on every conversation, and everybody is told', async () => {
    const [one, two] = [await tagged('refund', 'first'), await tagged('refund')];
    const before = (await app.call<Conversation>(ana, 'GET', `/conversations/${one}`)).body;
    const [head] = await rows<{ id: string }>(app, 'select coalesce(max(id), 0) as id from events');
    expect((await app.call(supervisor, 'PATCH', path('refund'), { name: 'Money back' })).status).toBe(204);
    await settled();
    expect([await tagsOf(one), await tagsOf(two)]).toEqual([['first', 'Money back'], ['Money back']]);
    const after = (await app.call<Conversation>(ana, 'GET', `/conversations/${one}`)).body;
    expect(after.version).toBe(before.version + 1);
    const told = await rows<{ conversation_id: string }>(
      app,
      `select conversation_id from events where type = 'conversation.updated' and id > ${head?.id ?? '0'}`,
    );
    expect(told.map(({ conversation_id }) => conversation_id).sort()).toEqual([one, two].sort());
    const { body } = await app.call<{ items: unknown[] }>(ana, 'GET', '/conversations?tag=money back');
    expect(body.items).toHaveLength(2);
  });

  it('takes the name of another only when the two are meant to be joined', async () => {
    const [both, one] = [await tagged('late', 'delayed'), await tagged('late')];
    expect((await app.call(supervisor, 'PATCH', path('late'), { name: 'Delayed' })).status).toBe(409);
    expect((await app.call(supervisor, 'PATCH', path('late'), { name: 'Delayed', merge: true })).status).toBe(204);
    await settled();
    expect([await tagsOf(both), await tagsOf(one)]).toEqual([['delayed'], ['delayed']]);
    expect((await usage()).items.map(({ name }) => name)).not.toContain('late');
  });

  it('changes its capitals without being taken for another', async () => {
    const id = await tagged('vip');
    expect((await app.call(supervisor, 'PATCH', path('vip'), { name: 'VIP' })).status).toBe(204);
    await settled();
    expect(await tagsOf(id)).toEqual(['VIP']);
  });

  it('that is removed is on no conversation any more, and one that is unknown is said to be', async () => {
    const id = await tagged('spam/scam?', 'kept');
    expect((await app.call(supervisor, 'DELETE', path('spam/scam?'))).status).toBe(204);
    await settled();
    expect(await tagsOf(id)).toEqual(['kept']);
    expect((await app.call(supervisor, 'DELETE', path('spam/scam?'))).status).toBe(404);
  });

  it('on more conversations than one step takes is changed on all of them', async () => {
    const id = await tagged('seed');
    await rows(
      app,
      `insert into conversations (id, channel_id, kind, group_id, status, tags, last_activity_at, created_at, updated_at)
       select gen_random_uuid(), channel_id, 'group', 'g' || n, 'open', array['seed'], now(), now(), now()
       from conversations, generate_series(1, 450) n where id = '${id}'`,
    );
    expect((await usage()).items).toContainEqual({ name: 'seed', conversations: 451 });
    expect((await app.call(supervisor, 'PATCH', path('seed'), { name: 'sown' })).status).toBe(204);
    await settled();
    expect((await usage()).items).toContainEqual({ name: 'sown', conversations: 451 });
  });
});

import type { Conversation, ConversationList, Message, Problem, TagList } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboundRig } from './support/outbound-rig.js';
import type { TestAgent } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('what can be taken back', () => {
  let rig: OutboundRig;
  let ana: TestAgent;
  let ben: TestAgent;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    ana = rig.ana;
    ben = await rig.app.given.agent({ name: 'Ben' });
  });
  afterAll(() => rig.close());

  const hold = (id: string, body: string, undoSeconds = 5) =>
    rig.app.call<Message>(ana, 'POST', `/conversations/${id}/messages`, {
      clientMessageId: randomUUID(),
      type: 'text',
      text: { body },
      undoSeconds,
    });
  const undo = (id: string, messageId: string, agent = ana) =>
    rig.app.call<Message & Pick<Problem, 'code'>>(agent, 'POST', `/conversations/${id}/messages/${messageId}/undo`);
  const act = <Body = Conversation>(id: string, path: string, body: object = {}, agent = ana) =>
    rig.app.call<Body>(agent, 'POST', `/conversations/${id}/${path}`, body);
  const get = async (id: string) => (await rig.app.call<Conversation>(ana, 'GET', `/conversations/${id}`)).body;

  it('a held message stays until its time, then leaves by itself', async () => {
    const id = await rig.thread({ inbound: ['Hi'] });
    const held = await hold(id, 'In a moment');
    expect(held.body.undoableUntil).toBeDefined();
    await rig.sweep();
    expect((await rig.message(held.body.id)).status).toBe('queued');
    expect(rig.graph.of(id)).toEqual([]);
    await rig.advanceClock('6 seconds');
    await rig.sweep();
    await waitFor(() => rig.graph.of(id).length === 1, 'the held message to leave');
    const late = await undo(id, held.body.id);
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ code: 'message.not_undoable', message: { id: held.body.id } });
  });

  it('a message taken back never leaves, its words are gone, and the customer waits again', async () => {
    const id = await rig.thread({ inbound: ['Hi'] });
    const before = await get(id);
    const held = await hold(id, 'Oh no');
    expect((await get(id)).waitingSince).toBeNull();
    const taken = await undo(id, held.body.id);
    expect(taken.body).toMatchObject({ status: 'failed', error: { code: 'undone' } });
    expect(taken.body.text).toBeUndefined();
    expect((await undo(id, held.body.id)).status).toBe(200);
    const after = await get(id);
    expect(after.waitingSince?.slice(0, 19)).toBe(before.waitingSince?.slice(0, 19));
    const [kase] = await rig.sql<{ at: Date | null }>(
      'select first_replied_at as at from cases where conversation_id = $1',
      [id],
    );
    expect(kase?.at).toBeNull();
    await rig.sent(id, 'Better words');
    await rig.advanceClock('6 seconds');
    await rig.sweep();
    await waitFor(() => rig.graph.of(id).length > 0, 'the second message');
    await rig.sweep();
    expect(rig.graph.of(id).map(({ text }) => text)).toEqual(['Better words']);
  });

  it('nobody takes back what another wrote, or what was never held', async () => {
    const id = await rig.thread({ inbound: ['Hi'] });
    const held = await hold(id, 'Mine');
    expect((await undo(id, held.body.id, ben)).status).toBe(404);
    await undo(id, held.body.id);
    const plain = await rig.sent(id, 'Plain');
    expect((await undo(id, plain)).status).toBe(409);
  });

  it('undo against the lease: either it was undone and never left, or it left and undo says so', async () => {
    for (let round = 0; round < 24; round += 1) {
      const id = await rig.thread({ inbound: ['Hi'] });
      const { body: message } = await hold(id, `Round ${String(round)}`);
      await rig.advanceClock('6 seconds');
      // The later in the round, the later the undo: some come before the lease, some after it, some into it.
      const swept = rig.sweep();
      for (let turn = 0; turn < round; turn += 1) await new Promise(setImmediate);
      const answer = await undo(id, message.id);
      await swept;
      await waitFor(async () => !['queued', 'sending'].includes((await rig.message(message.id)).status), 'an outcome');
      const left = rig.graph.of(id).length;
      expect([answer.status, left]).toEqual(answer.status === 200 ? [200, 0] : [409, 1]);
    }
  });

  it('resolve, release, assign and snooze go back to exactly how it stood', async () => {
    const id = await rig.thread({ inbound: ['Hi'], assigneeId: ana.id });
    await act(id, 'priority', { priority: 'high' });
    const before = await get(id);
    const until = new Date(Date.now() + 86_400_000).toISOString();
    for (const [path, body] of [
      ['resolve', {}],
      ['release', {}],
      ['assign', { agentId: ben.id }],
      ['snooze', { until }],
      ['tags', { add: ['vip'] }],
    ] as const) {
      const acted = await act(id, path, body);
      expect(acted.status).toBe(200);
      const undone = await act(id, 'undo');
      const { status, assignee, snoozedUntil, tags, priority, waitingSince } = before;
      expect(undone.body).toMatchObject({ status, assignee, snoozedUntil, tags, priority, waitingSince });
      expect(undone.body.version).toBeGreaterThan(acted.body.version);
    }
    const cases = await rig.sql<{ resolved: Date | null }>(
      'select resolved_at as resolved from cases where conversation_id = $1',
      [id],
    );
    expect(cases).toEqual([{ resolved: null }]);
  });

  it('an act is taken back once, by who did it, within a minute, and only if nothing came after it', async () => {
    const id = await rig.thread({ inbound: ['Hi'] });
    const refused = { code: 'conversation.not_undoable' };
    await act(id, 'claim');
    await act(id, 'release');
    expect((await act(id, 'undo', {}, ben)).body).toMatchObject(refused);
    await act(id, 'claim', {}, ben);
    expect((await act(id, 'undo')).body).toMatchObject(refused);
    await act(id, 'resolve', {}, ben);
    expect((await act(id, 'undo', {}, ben)).status).toBe(200);
    expect((await act(id, 'undo', {}, ben)).body).toMatchObject(refused);
    await act(id, 'resolve', {}, ben);
    await rig.advanceClock('61 seconds');
    expect((await act(id, 'undo', {}, ben)).body).toMatchObject(refused);
  });

  it('tags are one spelling each, fenced by version, and a list can be asked for one', async () => {
    const [id, other] = [await rig.thread(), await rig.thread()];
    const tag = `Refund ${randomUUID().slice(0, 8)}`;
    const tagged = await act(id, 'tags', { add: [tag, 'a', 'A'] });
    expect(tagged.body.tags).toHaveLength(2);
    await act(other, 'tags', { add: [tag.toUpperCase()] });
    expect((await get(other)).tags).toEqual([tag]);
    const list = await rig.app.call<ConversationList>(
      ana,
      'GET',
      `/conversations?tag=${encodeURIComponent(tag.toLowerCase())}`,
    );
    expect(list.body.items.map((item) => item.id).sort()).toEqual([id, other].sort());
    const stale = await act<Problem>(id, 'tags', { remove: [tag], expectedVersion: 1 });
    expect(stale.body.code).toBe('conversation.version_conflict');
    expect((await act(id, 'tags', { remove: [tag.toUpperCase(), 'a'] })).body.tags).toEqual([]);
    expect((await rig.app.call<TagList>(ana, 'GET', '/tags')).body.items).toContain(tag);
    const many = Array.from({ length: 20 }, (_, index) => `t${String(index)}`);
    await act(id, 'tags', { add: many });
    expect((await act(id, 'tags', { add: ['one more'] })).status).toBe(400);
  });

  it('a list can be asked for a priority', async () => {
    const id = await rig.thread();
    await act(id, 'priority', { priority: 'urgent' });
    const list = await rig.app.call<ConversationList>(ana, 'GET', '/conversations?priority=urgent');
    expect(list.body.items.map((item) => item.id)).toEqual([id]);
    expect((await act(id, 'priority', { priority: null })).body.priority).toBeNull();
  });
});

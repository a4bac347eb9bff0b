import type { EventPage, Note, NotificationList, Notification, UnreadNotifications } from '@parley/contract';
import { notificationListSchema } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TeamsService } from '../src/agents/teams.service.js';
import { NotificationsFollower } from '../src/notifications/notifications.follower.js';
import { NotificationsSweeper } from '../src/notifications/notifications.sweeper.js';
import { LogStreamRepository } from '../src/log/log-stream.repository.js';
import { graphError } from './support/fake-graph.js';
import { LiveClient } from './support/live-client.js';
import { OutboundRig } from './support/outbound-rig.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('what agents are told of', () => {
  let rig: OutboundRig;
  let ana: TestAgent;
  let ben: TestAgent;
  let other: TestApp | null = null;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    await settled(); // it begins at the head: what was before is not told
  });
  beforeEach(async () => {
    ana = await rig.app.given.agent({ name: 'Ana' });
    ben = await rig.app.given.agent({ name: 'Ben' });
    await rig.sql('update agents set active = id in ($1, $2)', [ana.id, ben.id]);
  });
  afterAll(async () => {
    await other?.close();
    await rig.close();
  });

  const settled = () => rig.followed('notifications');
  const told = async (agent: TestAgent): Promise<Notification[]> => {
    await settled();
    const { body } = await rig.app.call<NotificationList>(agent, 'GET', '/notifications');
    expect(notificationListSchema.parse(body)).toEqual(body);
    return body.items;
  };
  const unread = async (agent: TestAgent): Promise<[string, number][]> =>
    (await told(agent)).filter(({ readAt }) => readAt === null).map(({ kind, count }) => [kind, count]);
  const read = (agent: TestAgent, choice: object) =>
    rig.app.call<UnreadNotifications>(agent, 'POST', '/notifications/read', choice);
  const assign = (by: TestAgent, id: string, to: TestAgent) =>
    rig.app.call(by, 'POST', `/conversations/${id}/assign`, { agentId: to.id });

  it('a customer who writes on is one notification, that counts', async () => {
    const id = await rig.thread({ assigneeId: ana.id });
    for (const text of ['Hello', 'Anybody?', 'Please']) await rig.customerWrites(id, text);
    const items = await told(ana);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      kind: 'message',
      count: 3,
      conversation: { id, contact: { name: 'Maria' } },
      message: { type: 'text', text: 'Please' },
      readAt: null,
    });
    expect(await told(ben)).toEqual([]);
  });

  it('tells what was answered about calls, beside Meta’s word for it', async () => {
    const messageId = await rig.customerWrites(await rig.thread({ assigneeId: ana.id }), 'accept', 'answer');
    const callPermission = { isGiven: true, until: null, isPermanent: true };
    await rig.sql('update messages set content = $2 where id = $1', [messageId, JSON.stringify({ callPermission })]);
    const [item] = await told(ana);
    expect(item?.message).toEqual({ type: 'interactive', text: 'accept', callPermission });
  });

  it('reading the thread clears it, and what was read is not told again', async () => {
    const id = await rig.thread({ assigneeId: ana.id });
    const messageId = await rig.customerWrites(id, 'Hello');
    expect(await unread(ana)).toEqual([['message', 1]]);
    await rig.app.call(ana, 'POST', `/conversations/${id}/read`, { messageId });
    expect(await unread(ana)).toEqual([]);
    await rig.customerWrites(id, 'And?');
    expect(await unread(ana)).toEqual([['message', 1]]);
    expect(await told(ana)).toHaveLength(2);
  });

  it('marking a thread as unread reads nothing of what it told', async () => {
    const id = await rig.thread({ assigneeId: ana.id });
    const messageId = await rig.customerWrites(id, 'Hello');
    await rig.app.call(ana, 'POST', `/conversations/${id}/read`, { messageId });
    await rig.app.call<Note>(ben, 'POST', `/conversations/${id}/notes`, {
      clientNoteId: randomUUID(),
      body: '@Ana look',
      mentions: [ana.id],
    });
    expect(await unread(ana)).toEqual([['mention', 1]]);
    expect((await rig.app.call(ana, 'POST', `/conversations/${id}/unread`)).body).toMatchObject({ unreadCount: 1 });
    expect(await unread(ana)).toEqual([['mention', 1]]);
  });

  it('a thread given by a colleague is told, one’s own act is not; passing it on settles it', async () => {
    const id = await rig.thread();
    await assign(ana, id, ana);
    expect(await unread(ana)).toEqual([]);
    await assign(ana, id, ben);
    expect(await told(ben)).toMatchObject([{ kind: 'assigned', actor: { id: ana.id, name: 'Ana' } }]);
    expect(await unread(ana)).toEqual([]);
    await assign(ben, id, ana);
    expect(await unread(ben)).toEqual([]);
    expect(await unread(ana)).toEqual([['assigned', 1]]);
  });

  it('a mention is told to the one it names, with the note to go to', async () => {
    const id = await rig.thread({ assigneeId: ana.id });
    const { body: note } = await rig.app.call<Note>(ana, 'POST', `/conversations/${id}/notes`, {
      clientNoteId: randomUUID(),
      body: '@Ben look',
      mentions: [ben.id],
    });
    const items = await told(ben);
    expect(items).toMatchObject([{ kind: 'mention', messageId: note.id, actor: { name: 'Ana' }, message: null }]);
    expect(await told(ana)).toEqual([]);
  });

  it('what waits is told to its team and gone once somebody takes it; who released it is not told', async () => {
    const team = await rig.app.app.get(TeamsService, { strict: false }).create(`Team ${randomUUID()}`);
    await rig.sql('insert into team_members (team_id, agent_id) values ($1, $2)', [team.id, ben.id]);
    const [open, closed] = [await rig.thread({ assigneeId: ana.id }), await rig.thread({ assigneeId: ana.id })];
    await rig.sql('update conversations set team_id = $2 where id = $1', [closed, team.id]);
    for (const id of [open, closed]) await rig.app.call(ana, 'POST', `/conversations/${id}/release`, {});
    expect((await told(ben)).map(({ kind, conversation }) => [kind, conversation.id]).sort()).toEqual(
      [
        ['queue', open],
        ['queue', closed],
      ].sort(),
    );
    expect(await told(ana)).toEqual([]);
    // Seen or not: what no longer waits says so no more.
    await read(ben, { conversationId: open });
    await rig.app.call(ana, 'POST', `/conversations/${open}/claim`);
    expect((await told(ben)).map(({ conversation }) => conversation.id)).toEqual([closed]);
    // Out of the team: out of sight, and no longer counted.
    await rig.app.app.get(TeamsService, { strict: false }).setMembers(team.id, []);
    expect(await told(ben)).toEqual([]);
    expect((await read(ben, { upTo: new Date().toISOString() })).body).toEqual({ unreadCount: 0 });
  });

  it('a flood into the queue never fills anybody’s list', async () => {
    const ids = await Promise.all(Array.from({ length: 70 }, () => rig.thread()));
    await rig.sql(
      `with lines as (
         insert into timeline_entries (conversation_id, id, after_seq, kind, actor_type, created_at)
         select id, gen_random_uuid(), 0, 'opened', 'system', now() from unnest($1::uuid[]) as id returning *
       )
       insert into events (type, conversation_id, message_id) select 'timeline.created', conversation_id, id from lines`,
      [ids],
    );
    await settled();
    const { body } = await rig.app.call<NotificationList>(ben, 'GET', '/notifications?limit=20');
    expect(body).toMatchObject({ unreadCount: 50 });
    const next = await rig.app.call<NotificationList>(
      ben,
      'GET',
      `/notifications?limit=100&cursor=${body.nextCursor ?? ''}`,
    );
    const shown = [...body.items, ...next.body.items].map(({ id }) => id);
    expect(new Set(shown).size).toBe(50);
    expect(next.body.nextCursor).toBeNull();
    await rig.sql(`update conversations set status = 'resolved' where id = any($1::uuid[])`, [ids]);
  });

  it('a reply that was not delivered is told to who wrote it, once', async () => {
    const id = await rig.thread({ assigneeId: ben.id, inbound: ['Hello'] });
    rig.graph.answer = () => graphError(131_026);
    const { body } = await rig.send(id, 'Gone', { agent: ana, basedOn: 1 });
    await waitFor(async () => (await rig.message(body.id)).status === 'failed', 'the failure');
    rig.graph.answer = () => 'ok';
    await rig.sql(`insert into events (type, conversation_id, message_id) values ('message.updated', $1, $2)`, [
      id,
      body.id,
    ]);
    expect(await told(ana)).toMatchObject([
      { kind: 'failed', count: 1, messageId: body.id, message: { text: 'Gone' } },
    ]);
  });

  it('a window about to close is told to its owner, once for each window', async () => {
    const sweeper = rig.app.app.get(NotificationsSweeper, { strict: false });
    const soon = new Date(Date.now() + 30 * 60_000).toISOString();
    const id = await rig.thread({ assigneeId: ana.id, windowExpiresAt: soon });
    expect(await sweeper.tellOfWindows()).toBe(1);
    expect(await sweeper.tellOfWindows()).toBe(0);
    expect(await told(ana)).toMatchObject([{ kind: 'window', until: soon, conversation: { id } }]);
    await read(ana, { conversationId: id });
    expect(await sweeper.tellOfWindows()).toBe(0);
    await rig.sql(`update conversations set window_expires_at = now() + interval '20 minutes' where id = $1`, [id]);
    expect(await sweeper.tellOfWindows()).toBe(1);
  });

  it('an event that is off is not told', async () => {
    await rig.app.call(ana, 'PATCH', '/agents/me/preferences', { notify: { message: 'off' } });
    const id = await rig.thread({ assigneeId: ana.id, inbound: ['Hello'] });
    await assign(ben, id, ana);
    expect(await unread(ana)).toEqual([]);
  });

  it('one, a thread’s, or all are marked as read, and every screen of the agent hears of it', async () => {
    const ids = [await rig.thread({ assigneeId: ana.id }), await rig.thread({ assigneeId: ana.id })];
    for (const id of ids) await rig.customerWrites(id, 'Hello');
    await settled();
    const [tab, stranger] = [
      await new LiveClient(rig.app.url, ana.token).ready(),
      await new LiveClient(rig.app.url, ben.token).ready(),
    ];
    const [newest] = await told(ana);
    expect((await read(ben, { id: newest?.id })).body).toEqual({ unreadCount: 0 });
    expect((await read(ana, { id: newest?.id })).body).toEqual({ unreadCount: 1 });
    await waitFor(() => tab.of('notifications:updated').at(-1)?.payload['unreadCount'] === 1, 'the count');
    await rig.customerWrites(ids[0] ?? '', 'More');
    await waitFor(() => {
      const last = tab.of('notifications:updated').at(-1)?.payload;
      return last?.['unreadCount'] === 2 || (last?.['unreadCount'] === 1 && newest?.conversation.id !== ids[0]);
    }, 'what is new');
    await settled();
    const { body } = await rig.app.call<NotificationList>(ana, 'GET', '/notifications');
    expect((await read(ana, { upTo: body.items[0]?.at })).body).toEqual({ unreadCount: 0 });
    await waitFor(() => tab.of('notifications:updated').at(-1)?.payload['unreadCount'] === 0, 'none');
    expect(stranger.of('notifications:updated')).toEqual([]);
    tab.close();
    stranger.close();
    expect((await read(ana, { upTo: 'yesterday' })).status).toBe(400);
    expect((await rig.app.call(ana, 'GET', '/notifications?cursor=nonsense')).status).toBe(400);
  });

  it('a client that was away learns the count when it resumes', async () => {
    const since = (await rig.app.call<EventPage>(ana, 'GET', '/events')).body.cursor;
    const id = await rig.thread({ assigneeId: ana.id });
    await rig.customerWrites(id, 'Hello');
    await settled();
    const events = await waitFor(async () => {
      const { body } = await rig.app.call<EventPage>(ana, 'GET', `/events?since=${since}&limit=500`);
      const found = body.events.filter(({ type }) => type === 'notifications:updated');
      return found.length > 0 ? found : null;
    }, 'the event');
    expect(events.at(-1)?.payload).toEqual({ unreadCount: 1, kinds: ['message'] });
  });

  it('two instances tell each thing once', async () => {
    other ??= await startTestApp({ sharing: rig.app });
    const id = await rig.thread({ assigneeId: ana.id });
    for (let n = 0; n < 40; n += 1) await rig.customerWrites(id, `Line ${String(n)}`);
    expect(await unread(ana)).toEqual([['message', 40]]);
  });

  it('a page costs a handful of statements, however much is in it', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => rig.thread({ assigneeId: ana.id })));
    const before = (await rig.app.app.get(LogStreamRepository, { strict: false }).head()).place;
    for (const id of ids) for (const text of ['One', 'Two', 'Three']) await rig.customerWrites(id, text);
    await settled();
    const { rows } = await rig.app.app.get(LogStreamRepository, { strict: false }).page(before, 500);
    expect(rows.filter(({ type }) => type === 'message.created').length).toBeGreaterThanOrEqual(36);
    const follower = rig.app.app.get(NotificationsFollower, { strict: false });
    const statements = await rig.app.database.transaction(async (tx) => {
      const client = (await tx.queryRunner?.connect()) as { query: (...args: unknown[]) => unknown };
      const query = vi.spyOn(client, 'query');
      await follower.note(tx, rows);
      const asked = query.mock.calls.length;
      query.mockRestore();
      return asked;
    });
    // Settling, messages, the rows, what of them is to be pushed, the log.
    expect(statements).toBeLessThanOrEqual(6);
  });

  it('what is old is forgotten', async () => {
    const id = await rig.thread({ assigneeId: ana.id });
    await rig.customerWrites(id, 'Hello');
    await settled();
    await rig.sql(`update notifications set at = now() - interval '31 days' where agent_id = $1`, [ana.id]);
    await rig.app.app.get(NotificationsSweeper, { strict: false }).forget();
    expect(await told(ana)).toEqual([]);
  });
});

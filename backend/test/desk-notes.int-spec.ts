import type { Draft, DraftList, MessageList, Note, Problem } from '@parley/contract';
import { noteSchema } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TeamsService } from '../src/agents/teams.service.js';
import { query } from '../src/database/database.js';
import { LiveClient } from './support/live-client.js';
import { OutboundRig } from './support/outbound-rig.js';
import type { TestAgent } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('what an agent writes that no customer gets', () => {
  let rig: OutboundRig;
  let ana: TestAgent;
  let ben: TestAgent;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    ana = rig.ana;
    ben = await rig.app.given.agent({ name: 'Ben' });
  });
  afterAll(() => rig.close());

  const write = (
    id: string,
    body: string,
    over: { agent?: TestAgent; mentions?: string[]; clientNoteId?: string } = {},
  ) =>
    rig.app.call<Note>(over.agent ?? ana, 'POST', `/conversations/${id}/notes`, {
      clientNoteId: over.clientNoteId ?? randomUUID(),
      body,
      mentions: over.mentions ?? [],
    });
  const save = (id: string, body: string, basedOn: number, mode = 'reply', agent = ana) =>
    rig.app.call<Draft & Problem & { draft?: Draft | null }>(agent, 'PUT', `/conversations/${id}/drafts/${mode}`, {
      body,
      basedOn,
    });

  it('a note stands after the newest message, and never leaves the house', async () => {
    const id = await rig.thread({ inbound: ['Hello', 'Anybody?'] });
    const written = await write(id, 'VIP, be *kind*');
    expect(written.status).toBe(201);
    expect(noteSchema.parse(written.body)).toEqual(written.body);
    expect(written.body).toMatchObject({ afterSeq: 2, author: { name: 'Ana' }, body: 'VIP, be *kind*' });

    await rig.sent(id, 'A person here');
    await waitFor(() => rig.graph.of(id).length > 0, 'the reply to arrive');
    await rig.sweep();
    expect(rig.graph.of(id).map(({ text }) => text)).toEqual(['A person here']);
    const page = await rig.app.call<MessageList>(ben, 'GET', `/conversations/${id}/messages`);
    expect(page.body.notes.map(({ body }) => body)).toEqual(['VIP, be *kind*']);
    expect(page.body.items.map(({ seq }) => seq)).toEqual([3, 2, 1]);
    const rows = await query(rig.app.database.pool, 'select body from messages where body like $1', ['%VIP%']);
    expect(rows).toEqual([]);
  });

  it('the same note written again is one note', async () => {
    const id = await rig.thread();
    const clientNoteId = randomUUID();
    const [first, again] = [await write(id, 'Once', { clientNoteId }), await write(id, 'Once', { clientNoteId })];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
  });

  it('a mention is told to the one it names, once, and only to who may see the thread', async () => {
    const id = await rig.thread();
    const live = await new LiveClient(rig.app.url, ben.token).ready();
    const note = await write(id, '@Ben please look', { mentions: [ben.id] });
    await waitFor(() => live.of('mention:created').length > 0, 'the mention');
    await waitFor(() => live.of('note:created').length > 0, 'the note');
    expect(live.of('mention:created')[0]?.payload).toMatchObject({ noteId: note.body.id, conversationId: id });
    await rig.app.call(ana, 'PATCH', `/conversations/${id}/notes/${note.body.id}`, {
      body: '@Ben now',
      mentions: [ben.id],
    });
    await waitFor(() => live.of('note:updated').length > 0, 'the change');
    expect(live.of('mention:created')).toHaveLength(1);
    live.close();

    const team = await rig.app.app.get(TeamsService, { strict: false }).create(`Closed ${randomUUID()}`);
    await rig.sql('update conversations set team_id = $2, assignee_id = $3 where id = $1', [id, team.id, ana.id]);
    const refused = await write(id, '@Ben', { mentions: [ben.id] });
    expect(refused.body).toMatchObject({ code: 'note.mention_unavailable', agent: { name: 'Ben' } });
  });

  it('only its author rewrites a note; author and supervisors erase it, and then its words are gone', async () => {
    const id = await rig.thread();
    const lead = await rig.app.given.agent({ name: 'Lea', role: 'supervisor' });
    const { body: note } = await write(id, 'Secret words');
    const path = `/conversations/${id}/notes/${note.id}`;
    expect((await rig.app.call(ben, 'PATCH', path, { body: 'Mine' })).status).toBe(403);
    expect((await rig.app.call<Note>(ben, 'PATCH', path, { pinned: true })).body.pinned).toBe(true);
    expect((await rig.app.call(ben, 'DELETE', path)).status).toBe(403);
    expect((await rig.app.call(lead, 'DELETE', path)).status).toBe(204);
    const page = await rig.app.call<MessageList>(ana, 'GET', `/conversations/${id}/messages`);
    expect(page.body.notes[0]).toMatchObject({ body: '', deletedAt: expect.any(String) as string });
    expect((await rig.app.call(lead, 'DELETE', path)).body).toMatchObject({ code: 'note.not_found' });
  });

  it('drafts of reply and note are two, and follow the agent into another browser', async () => {
    const id = await rig.thread();
    const other = await new LiveClient(rig.app.url, ana.token).ready();
    const stranger = await new LiveClient(rig.app.url, ben.token).ready();
    await save(id, 'Dear cust', 0);
    await save(id, 'Ask Ben', 0, 'note');
    await waitFor(() => other.of('draft:updated').length === 2, 'both drafts');
    const { body } = await rig.app.call<DraftList>(ana, 'GET', '/drafts');
    const mine = body.items.filter(({ conversationId }) => conversationId === id);
    expect(mine.map(({ mode, body: words }) => [mode, words]).sort()).toEqual([
      ['note', 'Ask Ben'],
      ['reply', 'Dear cust'],
    ]);
    expect(stranger.of('draft:updated')).toEqual([]);
    other.close();
    stranger.close();
  });

  it('of two saves on the same ground one wins, and a late one never brings back what is gone', async () => {
    const id = await rig.thread();
    const first = await save(id, 'One', 0);
    const answers = await Promise.all(['Two', 'Three', 'Four'].map((body) => save(id, body, first.body.rev)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = answers.find(({ status }) => status === 200);
    const loser = answers.find(({ status }) => status === 409);
    expect(loser?.body).toMatchObject({ code: 'draft.changed', draft: { body: winner?.body.body } });

    const emptied = await save(id, '', winner?.body.rev ?? 0);
    expect(emptied.body).toMatchObject({ body: '' });
    for (const basedOn of [0, 1, 2]) {
      expect((await save(id, 'I am late', basedOn)).body).toMatchObject({ code: 'draft.changed', draft: { body: '' } });
    }
  });

  it('what was sent is no draft any more, what was written since is', async () => {
    const id = await rig.thread();
    await save(id, 'Sent soon \n', 0);
    await rig.sent(id, 'Sent soon');
    expect((await save(id, 'next', 1)).body).toMatchObject({ code: 'draft.changed', draft: { body: '', rev: 2 } });
    await save(id, 'And more', 2);
    await rig.sent(id, 'Something else');
    const { body } = await rig.app.call<DraftList>(ana, 'GET', '/drafts');
    expect(body.items.find(({ conversationId }) => conversationId === id)?.body).toBe('And more');
  });
});

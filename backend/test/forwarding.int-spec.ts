import type { Conversation, Message, UploadedFile } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../src/common/ids.js';
import { PNG } from './support/fake-media.js';
import { OutboundRig } from './support/outbound-rig.js';
import type { TestAgent } from './support/test-app.js';

type Answer = Message & { code?: string; conversation?: Conversation; messages?: Message[] };

describe('a message that is forwarded', () => {
  let rig: OutboundRig;
  let ana: TestAgent;
  let ben: TestAgent;
  const folder = mkdtempSync(join(tmpdir(), 'parley-forward-'));

  beforeAll(async () => {
    rig = await OutboundRig.start({ DATA_DIR: folder });
    ana = rig.ana;
    ben = await rig.app.given.agent({ name: 'Ben' });
  });
  afterAll(async () => {
    await rig.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const forward = (from: string, messageId: string, request: object, agent = ana) =>
    rig.app.call<Answer>(agent, 'POST', `/conversations/${from}/messages/${messageId}/forward`, {
      clientMessageId: randomUUID(),
      ...request,
    });
  const conversation = async (id: string) =>
    (await rig.app.call<Conversation>(ana, 'GET', `/conversations/${id}`)).body;

  it('goes to the other customer as a new message of the agent, and claims what nobody has', async () => {
    const [from, to] = [await rig.thread(), await rig.thread({ inbound: ['And where is mine?'] })];
    const messageId = await rig.customerWrites(from, 'Parcel 7 is at the *depot*');
    const { status, body } = await forward(from, messageId, { to });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      conversationId: to,
      direction: 'outbound',
      type: 'text',
      text: { body: 'Parcel 7 is at the *depot*' },
      sender: { id: ana.id },
      replyTo: null,
    });
    await rig.becomes(body.id, 'accepted');
    expect(rig.graph.of(to)).toMatchObject([{ body: { type: 'text', text: { body: 'Parcel 7 is at the *depot*' } } }]);
    expect(await conversation(to)).toMatchObject({ assignee: { id: ana.id }, waitingSince: null });
    // Nothing happened to the one that it came from.
    expect(rig.graph.of(from)).toEqual([]);
    expect(await conversation(from)).toMatchObject({ assignee: null, lastSeq: 1 });
  });

  it('is one message however often it is asked for, and no other under the same id', async () => {
    const [from, to] = [await rig.thread(), await rig.thread()];
    const [first, second] = [await rig.customerWrites(from, 'one'), await rig.customerWrites(from, 'two')];
    const request = { clientMessageId: randomUUID(), to };
    const [made, repeated] = [await forward(from, first, request), await forward(from, first, request)];
    expect([made.status, repeated.status, repeated.body.id]).toEqual([201, 200, made.body.id]);
    expect(await forward(from, second, request)).toMatchObject({ status: 409, body: { code: 'message.id_reused' } });
  });

  it('is held back for its sender where they want that', async () => {
    const [from, to] = [await rig.thread(), await rig.thread()];
    const messageId = await rig.customerWrites(from, 'Think again');
    const { body } = await forward(from, messageId, { to, undoSeconds: 10 });
    expect(body.undoableUntil).toEqual(expect.any(String));
    const undone = await rig.app.call(ana, 'POST', `/conversations/${to}/messages/${body.id}/undo`);
    expect(undone).toMatchObject({ status: 200, body: { status: 'failed' } });
    expect(rig.graph.of(to)).toEqual([]);
  });

  it('keeps to the rules of a reply: the window, a blocked customer, and what a colleague’s thread has that is new', async () => {
    const from = await rig.thread();
    const messageId = await rig.customerWrites(from, 'For them');
    const closed = await rig.thread({ windowExpiresAt: new Date(Date.now() - 60_000).toISOString() });
    expect(await forward(from, messageId, { to: closed })).toMatchObject({
      status: 422,
      body: { code: 'window.closed' },
    });
    const blocked = await rig.thread();
    await rig.sql('update conversations set blocked_at = app_now() where id = $1', [blocked]);
    expect(await forward(from, messageId, { to: blocked })).toMatchObject({
      status: 409,
      body: { code: 'conversation.blocked' },
    });

    const theirs = await rig.thread({ assigneeId: ben.id, inbound: ['Are you there?'] });
    const held = await forward(from, messageId, { to: theirs });
    expect(held).toMatchObject({
      status: 409,
      body: { code: 'conversation.changed', conversation: { id: theirs, lastSeq: 1, assignee: { name: 'Ben' } } },
    });
    expect(held.body.messages).toMatchObject([{ text: { body: 'Are you there?' } }]);
    const seen = await forward(from, messageId, { to: theirs, basedOn: 1 });
    expect(seen.status).toBe(201);
    expect(await conversation(theirs)).toMatchObject({ assignee: { id: ben.id } });
    const lines = await rig.sql('select kind from timeline_entries where conversation_id = $1', [theirs]);
    expect(lines).toEqual([{ kind: 'replied_by_other' }]);
  });

  it('is one that the agent may see, to where they may see, and that can be sent at all', async () => {
    const [team] = await rig.sql<{ id: string }>(`insert into teams (id, name) values ($1, $2) returning id`, [
      newId(),
      `Team ${randomUUID()}`,
    ]);
    const [from, hidden] = [await rig.thread(), await rig.thread()];
    await rig.sql('update conversations set team_id = $2 where id = $1', [hidden, team?.id]);
    const [said, secret] = [await rig.customerWrites(from, 'open'), await rig.customerWrites(hidden, 'secret')];
    const notThere = { status: 404, body: { code: 'conversation.not_found' } };
    expect(await forward(hidden, secret, { to: from })).toMatchObject(notThere);
    expect(await forward(from, said, { to: hidden })).toMatchObject(notThere);
    expect(await forward(from, secret, { to: from })).toMatchObject({
      status: 404,
      body: { code: 'message.not_found' },
    });
    const tapped = await rig.customerWrites(from, 'Prices', 'prices');
    const to = await rig.thread();
    expect(await forward(from, tapped, { to })).toMatchObject({
      status: 422,
      body: { code: 'message.not_forwardable' },
    });
    await rig.sql('update messages set revoked_at = app_now() where id = $1', [said]);
    expect(await forward(from, said, { to })).toMatchObject({ status: 422 });
    expect(await conversation(to)).toMatchObject({ lastSeq: 0, assignee: null });
  });

  it('takes its file along, which Meta gets once, whoever uploaded it', async () => {
    const [from, to] = [await rig.thread(), await rig.thread()];
    const upload = await fetch(`${rig.app.url}/api/media?kind=image&fileName=map.png`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ben.token}`, 'content-type': 'image/png' },
      body: new Uint8Array(PNG),
    });
    const { id: fileId } = (await upload.json()) as UploadedFile;
    const sent = await rig.app.call<Message>(ben, 'POST', `/conversations/${from}/messages`, {
      clientMessageId: randomUUID(),
      type: 'image',
      image: { fileId, caption: 'The old map' },
    });
    await rig.becomes(sent.body.id, 'accepted');
    const before = rig.graph.uploads.length;
    const { status, body } = await forward(from, sent.body.id, { to });
    expect(status).toBe(201);
    expect(body).toMatchObject({ type: 'image', media: { id: fileId, state: 'ready', caption: 'The old map' } });
    await rig.becomes(body.id, 'accepted');
    expect(rig.graph.uploads).toHaveLength(before);
    expect(rig.graph.of(to)).toMatchObject([{ body: { type: 'image', image: { caption: 'The old map' } } }]);
  });

  it('stays a voice note if it was one', async () => {
    const [from, to] = [await rig.thread(), await rig.thread()];
    const messageId = await rig.customerWrites(from, '');
    const fileId = newId();
    await rig.sql(
      `insert into media_files (id, channel_id, kind, graph_id, state, mime_type, size_bytes, sha256, created_at)
       values ($1, $2, 'audio', '77', 'waiting', 'audio/ogg', 9, 'x', app_now())`,
      [fileId, rig.channel.id],
    );
    const media = { mediaId: '77', mimeType: 'audio/ogg', sha256: null, fileName: null, caption: null };
    await rig.sql(`update messages set type = 'audio', media_id = $2, content = $3 where id = $1`, [
      messageId,
      fileId,
      JSON.stringify({ media: { ...media, voice: true, animated: false } }),
    ]);
    // Not here yet: there is nothing to send.
    expect(await forward(from, messageId, { to })).toMatchObject({ status: 404, body: { code: 'media.not_found' } });
    await rig.sql(`update media_files set state = 'ready', stored_at = app_now() where id = $1`, [fileId]);
    const { status, body } = await forward(from, messageId, { to });
    expect([status, body.type, body.media?.voice]).toEqual([201, 'audio', true]);
  });
});

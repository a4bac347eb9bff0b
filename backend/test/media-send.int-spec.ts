import type { Message, MessageList, UploadedFile } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphError } from './support/fake-graph.js';
import { PNG } from './support/fake-media.js';
import { OutboundRig } from './support/outbound-rig.js';
import type { TestAgent } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
const HTML = Buffer.from('<!doctype html><script>alert(document.cookie)</script>');
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n');
const opus = (channels: number) =>
  Buffer.concat([
    Buffer.from('OggS\0\x02', 'latin1'),
    Buffer.alloc(22),
    Buffer.from('OpusHead\x01', 'latin1'),
    Buffer.from([channels, 0, 0]),
    Buffer.alloc(60),
  ]);

describe('files that agents send', () => {
  let rig: OutboundRig;
  const folder = mkdtempSync(join(tmpdir(), 'parley-media-'));

  beforeAll(async () => {
    rig = await OutboundRig.start({ DATA_DIR: folder });
  });
  afterAll(async () => {
    await rig.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function upload(body: Buffer, query: Record<string, string>, agent: TestAgent = rig.ana) {
    const response = await fetch(`${rig.app.url}/api/media?${new URLSearchParams(query).toString()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${agent.token}`, 'content-type': 'image/whatever' },
      body: new Uint8Array(body),
    });
    return { status: response.status, body: (await response.json()) as UploadedFile & { code?: string } };
  }
  const fileOf = async (body: Buffer, query: Record<string, string>, agent?: TestAgent): Promise<string> => {
    const answer = await upload(body, query, agent);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id;
  };
  const post = (conversationId: string, request: object, agent = rig.ana) =>
    rig.app.call<Message & { code?: string }>(agent, 'POST', `/conversations/${conversationId}/messages`, {
      clientMessageId: randomUUID(),
      ...request,
    });
  const read = (id: string, headers: Record<string, string>) =>
    fetch(`${rig.app.url}/api/media/${id}`, { headers: { authorization: `Bearer ${rig.ana.token}`, ...headers } });
  const sentBody = (conversationId: string) => rig.graph.of(conversationId).at(-1)?.body ?? {};

  it.each<[string, Buffer, Record<string, string>, number, string | undefined]>([
    ['a picture', PNG, { kind: 'image', fileName: 'a.png' }, 201, undefined],
    ['a PDF', PDF, { kind: 'document', fileName: 'a.pdf' }, 201, undefined],
    ['a picture as a document', PNG, { kind: 'document' }, 201, undefined],
    ['text as a document', Buffer.from('a;b'), { kind: 'document', fileName: 'a.csv' }, 201, undefined],
    ['Opus in mono', opus(1), { kind: 'voice', waveform: '0,50,100' }, 201, undefined],
    ['Opus in stereo', opus(2), { kind: 'voice' }, 422, 'media.unsupported'],
    ['SVG as a picture', SVG, { kind: 'image', fileName: 'a.png' }, 422, 'media.unsupported'],
    ['HTML as a picture', HTML, { kind: 'image', fileName: 'a.jpg' }, 422, 'media.unsupported'],
    ['a PDF as a film', PDF, { kind: 'video' }, 422, 'media.unsupported'],
    ['a program', Buffer.from('\x7fELF\x00\x01', 'latin1'), { kind: 'document' }, 422, 'media.unsupported'],
    ['nothing', Buffer.alloc(0), { kind: 'document' }, 422, 'media.unsupported'],
    ['a picture that is too large', Buffer.concat([PNG, Buffer.alloc(6e6)]), { kind: 'image' }, 413, 'media.too_large'],
    ['an unknown kind', PNG, { kind: 'virus' }, 400, 'request.invalid'],
  ])('%s is judged by its own bytes', async (_what, body, query, status, code) => {
    const answer = await upload(body, query);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
  });

  it('are served to those who may see them alone, by bearer or by the cookie of the session', async () => {
    const id = await fileOf(PNG, { kind: 'image', fileName: 'Größe "1".png' });
    const ben = await rig.app.given.agent({ name: 'Ben' });
    expect((await rig.app.call(ben, 'GET', `/media/${id}`)).status).toBe(404);
    const mine = await read(id, {});
    expect(Buffer.from(await mine.arrayBuffer()).equals(PNG)).toBe(true);
    expect(Object.fromEntries(mine.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(PNG.length),
      'content-disposition': `inline; filename="Gr__e _1_.png"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.png`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'accept-ranges': 'bytes',
    });

    const thread = await rig.thread();
    await post(thread, { type: 'image', image: { fileId: id } });
    expect(
      (await fetch(`${rig.app.url}/api/media/${id}`, { headers: { authorization: `Bearer ${ben.token}` } })).status,
    ).toBe(200);

    const cookie = await mediaCookie(ben);
    const byCookie = (path: string, method = 'GET') =>
      fetch(`${rig.app.url}/api${path}`, { method, headers: { cookie } }).then(({ status }) => status);
    expect(await byCookie(`/media/${id}`)).toBe(200);
    expect(await byCookie('/conversations')).toBe(401);
    expect(await byCookie('/agents/me')).toBe(401);
    expect(await byCookie('/media?kind=image', 'POST')).toBe(401);
    expect(await byCookie(`/media/${id}/retry`, 'POST')).toBe(401);
    // The cookie's token is no bearer either.
    const token = cookie.split('=')[1] ?? '';
    expect(
      (await fetch(`${rig.app.url}/api/agents/me`, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(401);
    await rig.sql('delete from sessions where agent_id = $1', [ben.id]);
    expect(await byCookie(`/media/${id}`)).toBe(401);
  });

  async function mediaCookie(agent: TestAgent): Promise<string> {
    const response = await fetch(`${rig.app.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: agent.email, password: 'a long enough password' }),
    });
    const header = response.headers.getSetCookie().find((value) => value.startsWith('parley_media=')) ?? '';
    expect(header).toMatch(/; Path=\/api\/media; HttpOnly; SameSite=Strict/);
    return header.split(';')[0] ?? '';
  }

  it('are served in parts', async () => {
    const id = await fileOf(PNG, { kind: 'image' });
    const part = await read(id, { range: 'bytes=4-7' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 4-7/${PNG.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(PNG.subarray(4, 8));
    const beyond = await read(id, { range: 'bytes=9999-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${PNG.length}`]);
  });

  it.each([
    ['SVG', SVG],
    ['HTML', HTML],
    ['PDF', PDF],
    ['XML', Buffer.from('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script/></html>')],
  ])('of a kind that could run are never shown in place: %s', async (_what, body) => {
    const id = await fileOf(body, { kind: 'document', fileName: 'a.html' });
    const { headers } = await read(id, {});
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it.each<[string, Buffer, Record<string, string>, (fileId: string) => object, object]>([
    [
      'image',
      PNG,
      { kind: 'image' },
      (fileId) => ({ type: 'image', image: { fileId, caption: 'Look' } }),
      { type: 'image', image: { caption: 'Look' } },
    ],
    [
      'document',
      PDF,
      { kind: 'document', fileName: 'offer.pdf' },
      (fileId) => ({ type: 'document', document: { fileId, caption: 'Yours' } }),
      { type: 'document', document: { caption: 'Yours', filename: 'offer.pdf' } },
    ],
    [
      'voice note',
      opus(1),
      { kind: 'voice', waveform: '1,99' },
      (fileId) => ({ type: 'audio', audio: { fileId } }),
      { type: 'audio', audio: { voice: true } },
    ],
  ])('go out as Meta wants them: %s', async (_what, body, query, requestOf, expected) => {
    const thread = await rig.thread();
    const fileId = await fileOf(body, query);
    const before = rig.graph.uploads.length;
    const request = requestOf(fileId);
    const first = await post(thread, request);
    expect(first.status).toBe(201);
    await rig.becomes(first.body.id, 'accepted');
    const uploaded = rig.graph.uploads.slice(before);
    expect(uploaded).toHaveLength(1);
    expect(uploaded[0]).toMatchObject({ token: 'test-token', phoneNumberId: rig.channel.phoneNumberId });
    expect(uploaded[0]?.bytes.equals(body)).toBe(true);
    expect(sentBody(thread)).toMatchObject(expected);
    const { type } = request as { type: string };
    expect((sentBody(thread)[type] as { id: string }).id).toBe(uploaded[0]?.id);

    // The same file again, into another thread: Meta has it already.
    const again = await post(await rig.thread(), request);
    await rig.becomes(again.body.id, 'accepted');
    expect(rig.graph.uploads).toHaveLength(before + 1);
    expect(again.body.media).toMatchObject({ state: 'ready', size: body.length, voice: query['kind'] === 'voice' });
    // After 30 days Meta has forgotten it.
    await rig.sql('update media_graph_ids set expires_at = app_now() where file_id = $1', [fileId]);
    const late = await post(await rig.thread(), request);
    await rig.becomes(late.body.id, 'accepted');
    expect(rig.graph.uploads).toHaveLength(before + 2);
  });

  it('go out once, whatever the client repeats, and only its own uploads', async () => {
    const thread = await rig.thread();
    const fileId = await fileOf(PNG, { kind: 'image' });
    const request = { clientMessageId: randomUUID(), type: 'image', image: { fileId, caption: 'x' } };
    const [first, second] = [await post(thread, request), await post(thread, request)];
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    expect(await post(thread, { ...request, image: { fileId, caption: 'y' } })).toMatchObject({
      status: 409,
      body: { code: 'message.id_reused' },
    });
    const ben = await rig.app.given.agent({ name: 'Ben' });
    const theirs = await fileOf(PNG, { kind: 'image' }, ben);
    for (const wrong of [
      { type: 'image', image: { fileId: theirs } },
      { type: 'video', video: { fileId } },
      { type: 'image', image: { fileId: randomUUID() } },
    ]) {
      expect(await post(thread, wrong)).toMatchObject({ status: 404, body: { code: 'media.not_found' } });
    }
  });

  it('keep their place behind what was written before, also while they are uploaded', async () => {
    const thread = await rig.thread();
    const fileId = await fileOf(PNG, { kind: 'image' });
    let release: (value?: unknown) => void = () => undefined;
    rig.graph.uploadGate = new Promise((resolve) => (release = resolve));
    await rig.sent(thread, 'one');
    await post(thread, { type: 'image', image: { fileId } });
    const last = await rig.sent(thread, 'two');
    await waitFor(() => rig.graph.of(thread).length === 1);
    release();
    rig.graph.uploadGate = null;
    await rig.becomes(last, 'accepted');
    expect(rig.graph.of(thread).map(({ body }) => body['type'])).toEqual(['text', 'image', 'text']);
  });

  it('that Meta does not take fail with its reason; an upload that came to nothing is tried again', async () => {
    const thread = await rig.thread();
    const fileId = await fileOf(Buffer.concat([PNG, Buffer.from('1')]), { kind: 'image' });
    rig.graph.uploadAnswer = { status: 502, text: 'bad gateway' };
    const tried = await post(thread, { type: 'image', image: { fileId } });
    await waitFor(
      async () =>
        (await rig.message(tried.body.id)).attempts > 0 && (await rig.message(tried.body.id)).status === 'queued',
    );
    rig.graph.uploadAnswer = graphError(131053, 'bad file');
    await rig.becomesInTime(tried.body.id, 'failed');
    expect((await rig.message(tried.body.id)).error).toMatchObject({ code: 131053 });
    rig.graph.uploadAnswer = 'ok';
    expect(rig.graph.of(thread)).toEqual([]);
  });

  it('take places and cards along, and react to a message', async () => {
    const thread = await rig.thread({ inbound: ['Hello'] });
    const place = await post(thread, {
      type: 'location',
      location: { latitude: 1.5, longitude: 2, name: 'Here' },
      basedOn: 1,
    });
    await rig.becomes(place.body.id, 'accepted');
    expect(sentBody(thread)).toMatchObject({
      type: 'location',
      location: { latitude: 1.5, longitude: 2, name: 'Here' },
    });
    const card = { name: 'Ada Lark', phones: [{ number: '+1 206' }], emails: [], urls: [] };
    const cards = await post(thread, { type: 'contacts', contacts: [card], basedOn: 2 });
    await rig.becomes(cards.body.id, 'accepted');
    expect(sentBody(thread)).toMatchObject({
      contacts: [
        { name: { formatted_name: 'Ada Lark', first_name: 'Ada', last_name: 'Lark' }, phones: [{ phone: '+1 206' }] },
      ],
    });
  });

  describe('a reaction', () => {
    const emojis = async (thread: string) => {
      const { body } = await rig.app.call<MessageList>(rig.ana, 'GET', `/conversations/${thread}/messages`);
      return body.items.find(({ direction }) => direction === 'inbound')?.reactions.map(({ emoji }) => emoji);
    };
    const react = (messageId: string, emoji: string) => ({ type: 'reaction', reaction: { messageId, emoji } });

    it('shows at once, goes out in its turn, moves nothing else, and is taken back', async () => {
      const thread = await rig.thread();
      const messageId = await rig.customerWrites(thread, 'Thanks');
      const before = await rig.sql<object>(
        'select waiting_since, assignee_id, last_message_id, last_activity_at from conversations where id = $1',
        [thread],
      );
      const given = await post(thread, react(messageId, '👍'));
      expect(given.status).toBe(201);
      expect(await emojis(thread)).toEqual(['👍']);
      await rig.becomes(given.body.id, 'accepted');
      expect(sentBody(thread)).toMatchObject({
        type: 'reaction',
        reaction: { emoji: '👍', message_id: `wamid.IN${messageId}` },
      });
      expect(
        await rig.sql(
          'select waiting_since, assignee_id, last_message_id, last_activity_at from conversations where id = $1',
          [thread],
        ),
      ).toEqual(before);

      const ben = await rig.app.given.agent({ name: 'Ben' });
      await post(thread, react(messageId, '❤️'), ben);
      expect(await emojis(thread)).toEqual(['❤️']);
      const removed = await post(thread, react(messageId, ''), ben);
      expect(await emojis(thread)).toEqual([]);
      await rig.becomes(removed.body.id, 'accepted');
      expect(sentBody(thread)).toMatchObject({ reaction: { emoji: '' } });
    });

    it('that Meta refuses vanishes on every screen', async () => {
      const thread = await rig.thread();
      const messageId = await rig.customerWrites(thread, 'Thanks');
      rig.graph.answer = () => graphError(131009);
      const given = await post(thread, react(messageId, '👍'));
      await rig.becomes(given.body.id, 'failed');
      rig.graph.answer = () => 'ok';
      expect(await emojis(thread)).toEqual([]);
      const told = await rig.sql(`select from events where message_id = $1 and type = 'message.updated'`, [messageId]);
      expect(told).toHaveLength(2);
    });

    it('needs a message that Meta knows', async () => {
      const thread = await rig.thread({ inbound: ['Hi'] });
      expect(await post(thread, react(randomUUID(), '👍'))).toMatchObject({ status: 422 });
    });
  });
});

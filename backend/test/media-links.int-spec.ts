import type { Conversation, Message, MessageList, Problem } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphError } from './support/fake-graph.js';
import { PNG } from './support/fake-media.js';
import { FakeShop } from './support/fake-shop.js';
import { OutboundRig } from './support/outbound-rig.js';
import { waitFor } from './support/wait-for.js';

const WABA = '318840027715909';
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n');

type Answer = Message & Pick<Problem, 'code'> & { reason?: string; maxBytes?: number };

describe('files by link', () => {
  let rig: OutboundRig;
  let shop: FakeShop;
  let channelId: string;
  const folder = mkdtempSync(join(tmpdir(), 'parley-links-'));

  beforeAll(async () => {
    shop = await FakeShop.start();
    rig = await OutboundRig.start({ DATA_DIR: folder });
    channelId = (await rig.app.given.channel({ businessAccountId: WABA })).id;
    await rig.sql(
      `insert into message_templates (business_account_id, id, name, language, category, status, quality,
         parameter_format, components, updated_at)
       values ($1, '1', 'invoice', 'en_US', 'utility', 'approved', 'green', 'positional', $2, app_now())`,
      [
        WABA,
        JSON.stringify([
          { type: 'HEADER', format: 'DOCUMENT' },
          { type: 'BODY', text: 'Your invoice.' },
        ]),
      ],
    );
  });
  afterAll(async () => {
    await rig.close();
    await shop.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (conversationId: string, request: object, agent = rig.ana) =>
    rig.app.call<Answer>(agent, 'POST', `/conversations/${conversationId}/messages`, {
      clientMessageId: randomUUID(),
      ...request,
    });
  const image = (link: string, over: object = {}) => ({ type: 'image', image: { link, ...over } });
  const document = (link: string) => ({ type: 'document', document: { link } });
  const kept = async (): Promise<number> => (await rig.sql('select from media_files')).length;

  it('are fetched here, uploaded at Meta once, and sent by its id: nobody else learns the link', async () => {
    const link = shop.file('/orders/Invoice%208841.pdf', PDF, 'application/pdf');
    const thread = await rig.thread();
    const sent = await send(thread, { type: 'document', document: { link, caption: 'Yours' } });
    expect(sent).toMatchObject({
      status: 201,
      body: { media: { state: 'ready', fileName: 'Invoice 8841.pdf', mimeType: 'application/pdf', size: PDF.length } },
    });
    expect(JSON.stringify(sent.body)).not.toContain(link);
    await rig.becomes(sent.body.id, 'accepted');
    const [call] = rig.graph.of(thread);
    const [uploaded] = rig.graph.uploads.slice(-1);
    expect(uploaded?.bytes.equals(PDF)).toBe(true);
    expect(call?.body['document']).toEqual({ id: uploaded?.id, caption: 'Yours', filename: 'Invoice 8841.pdf' });
    const [asked] = shop.asked.filter(({ path }) => path.includes('8841'));
    expect(Object.keys(asked?.headers ?? {})).not.toContain('authorization');
    const bytes = await fetch(`${rig.app.url}/api/media/${sent.body.media?.id ?? ''}`, {
      headers: { authorization: `Bearer ${rig.ana.token}` },
    });
    expect(Buffer.from(await bytes.arrayBuffer()).equals(PDF)).toBe(true);
  });

  it('are fetched and sent once, however often the same request comes', async () => {
    const link = shop.file('/once.png', PNG);
    const thread = await rig.thread();
    const request = { clientMessageId: randomUUID(), ...image(link) };
    const [first, second] = [await send(thread, request), await send(thread, request)];
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    expect(await send(thread, { ...request, ...image(shop.file('/other.png', PNG)) })).toMatchObject({
      status: 409,
      body: { code: 'message.id_reused' },
    });
    await rig.becomes(first.body.id, 'accepted');
    expect([shop.count('/once.png'), shop.count('/other.png'), rig.graph.of(thread).length]).toEqual([1, 0, 1]);
  });

  it('are not fetched by a second request while the first one does', async () => {
    let waiting: ServerResponse | null = null;
    const link = shop.answer('/slow.png', (_request, response) => (waiting = response));
    const thread = await rig.thread();
    const request = { clientMessageId: randomUUID(), ...image(link) };
    const first = send(thread, request);
    await waitFor(() => waiting !== null);
    expect(await send(thread, request)).toMatchObject({ status: 409, body: { code: 'media.link_pending' } });
    (waiting as ServerResponse | null)?.end(PNG);
    const { status, body } = await first;
    expect(status).toBe(201);
    expect(await send(thread, request)).toMatchObject({ status: 200, body: { id: body.id } });
    expect(shop.count('/slow.png')).toBe(1);
  });

  it('what a dead process was fetching is fetched anew once its lease has run out', async () => {
    const thread = await rig.thread();
    const clientMessageId = randomUUID();
    const link = shop.url('/late.png');
    expect((await send(thread, { clientMessageId, ...image(link) })).body.code).toBe('media.link_failed');
    expect(await rig.sql('select from media_links where client_message_id = $1', [clientMessageId])).toEqual([]);
    await rig.sql(
      `insert into media_links (agent_id, client_message_id, link_sha256, lease_id, lease_until)
       values ($1, $2, encode(sha256($3::bytea), 'hex'), gen_random_uuid(), app_now() + interval '1 minute')`,
      [rig.ana.id, clientMessageId, Buffer.from(link)],
    );
    shop.file('/late.png', PNG);
    expect((await send(thread, { clientMessageId, ...image(link) })).body.code).toBe('media.link_pending');
    await rig.sql('update media_links set lease_until = app_now() where client_message_id = $1', [clientMessageId]);
    expect((await send(thread, { clientMessageId, ...image(link) })).status).toBe(201);
  });

  it.each<[string, () => object, object]>([
    ['no file there', () => image(shop.url('/nothing')), { status: 422, body: { reason: 'not_found' } }],
    [
      'an address of our own network',
      () => image('https://10.0.0.5/a.png'),
      { status: 422, body: { code: 'media.link_failed', reason: 'refused' } },
    ],
    ['the metadata of a cloud', () => image('https://169.254.169.254/a'), { status: 422, body: { reason: 'refused' } }],
    ['a name of our own network', () => image('https://backend/a.png'), { status: 422, body: { reason: 'refused' } }],
    [
      'a redirect into our own network',
      () => image(shop.redirect('/inwards', 'http://192.168.0.1/a.png')),
      { status: 422, body: { reason: 'refused' } },
    ],
    [
      'a redirect to plain http',
      () => image(shop.redirect('/plain', 'http://93.184.215.14/a.png')),
      { status: 422, body: { reason: 'refused' } },
    ],
    [
      'a circle of redirects',
      () => image(shop.redirect('/circle', '/circle')),
      { status: 422, body: { reason: 'unreachable' } },
    ],
    [
      'a server that breaks off',
      () =>
        image(
          shop.answer('/broken.png', (_request, response) =>
            response.writeHead(200, { 'content-length': 99 }).write(PNG.subarray(0, 9), () => response.destroy()),
          ),
        ),
      { status: 422, body: { reason: 'unreachable' } },
    ],
    [
      'a page in place of a picture',
      () => image(shop.file('/a.png', Buffer.from('<html/>'), 'image/png')),
      wrongType(),
    ],
    ['a program as a document', () => document(shop.file('/a.pdf', Buffer.from('\x7fELF\0', 'latin1'))), wrongType()],
    [
      'more than Meta takes, as it says itself',
      () => image(shop.file('/large.png', Buffer.concat([PNG, Buffer.alloc(6e6)]))),
      { status: 413, body: { code: 'media.too_large', maxBytes: 5 * 1_024 * 1_024 } },
    ],
    [
      'more than Meta takes, without saying so',
      () => image(shop.answer('/endless.png', (_request, response) => response.end(Buffer.alloc(6e6)))),
      { status: 413, body: { code: 'media.too_large' } },
    ],
    ['plain http', () => image('http://shop.example/a.png'), { status: 400, body: { code: 'request.invalid' } }],
    ['a link and an upload', () => image(shop.url('/x'), { fileId: randomUUID() }), { status: 400 }],
    ['neither', () => ({ type: 'image', image: {} }), { status: 400, body: { fields: [{ path: 'image' }] } }],
  ])('are refused, and nothing is kept: %s', async (_what, request, refusal) => {
    const thread = await rig.thread();
    const before = await kept();
    expect(await send(thread, request())).toMatchObject(refusal);
    expect(await kept()).toBe(before);
    expect((await rig.sql('select from messages where conversation_id = $1', [thread])).length).toBe(0);
  });

  it('are not fetched for a conversation that the agent may not see', async () => {
    const link = shop.file('/unseen.png', PNG);
    expect(await send(randomUUID(), image(link))).toMatchObject({ status: 404 });
    expect(shop.count('/unseen.png')).toBe(0);
  });

  it('stand above what is offered', async () => {
    const thread = await rig.thread();
    const link = shop.file('/shelf.png', PNG);
    const buttons = [{ id: 'a', title: 'Yes' }];
    const offer = { body: 'This one?', buttons, headerLink: link };
    const sent = await send(thread, { type: 'interactive', interactive: offer });
    expect(sent).toMatchObject({ status: 201, body: { media: { mimeType: 'image/png' } } });
    expect(sent.body.interactive).not.toHaveProperty('headerLink');
    await rig.becomes(sent.body.id, 'accepted');
    expect(rig.graph.of(thread)).toMatchObject([{ body: { interactive: { header: { type: 'image' } } } }]);
  });

  it('fill the header of a template that begins a conversation, once, and go along when it is sent again', async () => {
    const link = shop.file('/begin.pdf', PDF);
    const template = { name: 'invoice', language: 'en_US', header: { link } };
    const request = { channelId, to: '+4915155555555', clientMessageId: randomUUID(), template };
    const begin = () => rig.app.call<Conversation>(rig.ana, 'POST', '/conversations', request);
    rig.graph.answer = () => graphError(131_042);
    const [first, again] = [await begin(), await begin()];
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    const { items } = (await rig.app.call<MessageList>(rig.ana, 'GET', `/conversations/${first.body.id}/messages`))
      .body;
    const id = items[0]?.id ?? '';
    await rig.becomes(id, 'failed');
    rig.graph.answer = () => 'ok';
    const resent = await rig.app.call<Message>(
      rig.ana,
      'POST',
      `/conversations/${first.body.id}/messages/${id}/resend`,
      { clientMessageId: randomUUID() },
    );
    expect(resent).toMatchObject({ status: 201, body: { media: { id: items[0]?.media?.id, state: 'ready' } } });
    await rig.becomes(resent.body.id, 'accepted');
    expect(shop.count('/begin.pdf')).toBe(1);
  });
});

function wrongType() {
  return { status: 422, body: { code: 'media.unsupported' } };
}

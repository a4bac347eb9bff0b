import type { Message, MessageList } from '@parley/contract';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeMedia, PNG } from './support/fake-media.js';
import { FakeShop } from './support/fake-shop.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';
import { envelope, givenTenants, post, rows } from './support/webhook-rig.js';

const TOO_LARGE = Buffer.concat([PNG, Buffer.alloc(5 * 1_024 * 1_024)]);

describe('pictures of advertisements', () => {
  let meta: FakeMedia;
  let shop: FakeShop;
  let app: TestApp;
  let ana: TestAgent;
  const folder = mkdtempSync(join(tmpdir(), 'parley-ads-'));
  let count = 0;

  beforeAll(async () => {
    meta = await FakeMedia.start();
    shop = await FakeShop.start();
    app = await startTestApp({ env: { WHATSAPP_GRAPH_URL: meta.url, DATA_DIR: folder } });
    ana = await app.given.agent();
    await givenTenants(app);
  });
  afterAll(async () => {
    await app.close();
    await shop.close();
    await meta.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A customer comes by an advertisement; the message's wamid. */
  async function comesBy(referral: Record<string, unknown>): Promise<string> {
    count += 1;
    const wamid = `wamid.AD${String(count)}`;
    const message = {
      from: '12065550142',
      from_user_id: 'US.12065550142',
      id: wamid,
      timestamp: String(Math.floor(Date.now() / 1_000)),
      type: 'text',
      text: { body: 'Hello!' },
      referral: { source_type: 'ad', source_id: '1', headline: 'Books', ...referral },
    };
    expect(await post(app, envelope({ messages: [message] }))).toBe(200);
    return wamid;
  }
  async function shown(wamid: string): Promise<Message | undefined> {
    const [row] = await rows<{ id: string }>(app, 'select conversation_id as id from messages where wamid = $1', [
      wamid,
    ]);
    if (!row) return undefined;
    const { body } = await app.call<MessageList>(ana, 'GET', `/conversations/${row.id}/messages?limit=100`);
    return body.items.find((item) => item.wamid === wamid);
  }
  const failure = (wamid: string) =>
    waitFor(async () => {
      const [row] = await rows<{ state: string; failure: string | null }>(
        app,
        'select f.state, f.failure from media_files f join messages m on m.card_file_ids @> array[f.id] where m.wamid = $1',
        [wamid],
      );
      return row?.failure ? row : null;
    }, `the failure of ${wamid}`);

  it.each(['image', 'video'])('of an ad with a %s are shown from our own copy, after the message', async (kind) => {
    const path = `/${kind}.png`;
    const held: (() => void)[] = [];
    const link = shop.answer(path, (_request, response) => {
      held.push(() => response.writeHead(200, { 'content-type': 'text/html' }).end(PNG));
    });
    const film = { video_url: shop.url('/film.mp4'), thumbnail_url: link };
    const wamid = await comesBy({ media_type: kind, ...(kind === 'image' ? { image_url: link } : film) });
    await waitFor(() => held.length > 0, 'the request for the picture');
    const early = await shown(wamid);
    expect(early?.referral).toMatchObject({ headline: 'Books', picture: { state: 'waiting', width: null } });
    held.forEach((answer) => answer());
    const late = await waitFor(async () => {
      const message = await shown(wamid);
      return message?.referral?.picture?.state === 'ready' ? message : null;
    }, 'the picture');
    expect(late.referral?.picture).toMatchObject({ width: 2, height: 1 });
    expect(late.rev).toBeGreaterThan(early?.rev ?? 0);
    expect(shop.count('/film.mp4')).toBe(0);
    const [asked] = shop.asked.filter((one) => one.path === path);
    expect(asked?.headers).not.toHaveProperty('authorization');
    const events = await rows<{ type: string }>(
      app,
      'select e.type from events e join messages m on m.id = e.message_id where m.wamid = $1 order by xid, e.id',
      [wamid],
    );
    expect(events.map(({ type }) => type)).toEqual(['message.created', 'message.updated']);
    const read = (agent: TestAgent) =>
      fetch(`${app.url}/api/media/${late.referral?.picture?.id ?? ''}`, {
        headers: { authorization: `Bearer ${agent.token}` },
      });
    expect(Buffer.from(await (await read(ana)).arrayBuffer()).equals(PNG)).toBe(true);
  });

  it.each<[string, () => string, string]>([
    ['no picture, whatever is said of it', () => shop.file('/page', Buffer.from('<p>x</p>'), 'image/png'), 'hash'],
    ['too large', () => shop.file('/large.png', TOO_LARGE, 'image/png'), 'too_large'],
    ['not there', () => shop.url('/gone.png'), 'gone'],
    ['on a network of our own', () => 'http://169.254.169.254/x.png', 'wrong_host'],
    ['redirected to a network of our own', () => shop.redirect('/away', 'http://10.0.0.1/x.png'), 'wrong_host'],
  ])('that are %s are left out quietly: the link stays', async (_what, link, reason) => {
    const url = link();
    const wamid = await comesBy({ media_type: 'image', image_url: url });
    expect(await failure(wamid)).toEqual({ state: 'failed', failure: reason });
    const message = await shown(wamid);
    expect(message?.referral).toMatchObject({ mediaUrl: url });
    expect(message?.referral).not.toHaveProperty('picture');
  });

  it('go when their message goes', async () => {
    const wamid = await comesBy({ media_type: 'image', image_url: shop.file('/erased.png', PNG, 'image/png') });
    const picture = await waitFor(async () => (await shown(wamid))?.referral?.picture ?? null, 'the picture');
    const unlinked = () => rows(app, 'select from media_files where id = $1 and unlinked_at is not null', [picture.id]);
    expect(await unlinked()).toHaveLength(0);
    await rows(app, 'delete from messages where wamid = $1', [wamid]);
    expect(await unlinked()).toHaveLength(1);
  });
});

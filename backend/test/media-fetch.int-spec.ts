import type { Message, MessageList } from '@parley/contract';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MediaFetcher } from '../src/media/media-fetcher.js';
import { MediaUpkeep } from '../src/media/media-upkeep.js';
import { FakeMedia, hashOf, PNG, type MediaFaults } from './support/fake-media.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';
import { envelope, givenTenants, post, rows } from './support/webhook-rig.js';

describe('files of customers', () => {
  let meta: FakeMedia;
  let app: TestApp;
  let ana: TestAgent;
  let conversationId: string;
  const folder = mkdtempSync(join(tmpdir(), 'parley-media-'));
  let count = 0;

  beforeAll(async () => {
    meta = await FakeMedia.start();
    app = await startTestApp({
      env: { WHATSAPP_GRAPH_URL: meta.url, WHATSAPP_MEDIA_HOSTS: meta.host, DATA_DIR: folder },
    });
    ana = await app.given.agent();
    await givenTenants(app);
  });
  afterAll(async () => {
    await app.close();
    await meta.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A customer's file, as its webhook tells of it. */
  async function receives(
    body: Buffer,
    faults: MediaFaults = {},
    part: Record<string, unknown> = {},
    type = 'image',
  ): Promise<{ graphId: string; wamid: string }> {
    count += 1;
    const graphId = `90000000${String(count).padStart(4, '0')}`;
    const wamid = `wamid.MEDIA${String(count)}`;
    meta.add(graphId, body, faults);
    const message = {
      from: '12065550142',
      from_user_id: 'US.12065550142',
      id: wamid,
      timestamp: String(Math.floor(Date.now() / 1_000)),
      type,
      [type]: { id: graphId, mime_type: 'image/png', sha256: hashOf(body), ...part },
    };
    expect(await post(app, envelope({ messages: [message] }))).toBe(200);
    return { graphId, wamid };
  }

  async function message(wamid: string): Promise<Message | undefined> {
    const [row] = await rows<{ id: string }>(app, 'select conversation_id as id from messages where wamid = $1', [
      wamid,
    ]);
    if (!row) return undefined;
    conversationId = row.id;
    const { body } = await app.call<MessageList>(ana, 'GET', `/conversations/${row.id}/messages?limit=100`);
    return body.items.find((item) => item.wamid === wamid);
  }
  const standsAt = (wamid: string, is: (media: NonNullable<Message['media']>) => boolean) =>
    waitFor(async () => {
      const { media } = (await message(wamid)) ?? {};
      return media && is(media) ? media : null;
    }, `the file of ${wamid}`);
  const ready = (wamid: string) => standsAt(wamid, ({ state }) => state === 'ready');
  const due = () =>
    rows(app, `update media_files set next_attempt_at = app_now() where state = 'waiting' and failure is not null`);

  it('are shown at once and readable a little later, and every screen is told', async () => {
    const { wamid, graphId } = await receives(PNG, { stalls: true }, { caption: 'Look' });
    const early = await standsAt(wamid, ({ state }) => state === 'waiting');
    expect(early).toMatchObject({ caption: 'Look', size: null, failure: null });
    const before = (await message(wamid))?.rev ?? 0;
    meta.heal(graphId);
    meta.release();
    await standsAt(wamid, ({ failure }) => failure === 'unreachable');
    await due();
    const media = await ready(wamid);
    expect(media).toMatchObject({ mimeType: 'image/png', size: PNG.length, width: 2, height: 1, failure: null });
    expect((await message(wamid))?.rev).toBeGreaterThan(before);
    const events = await rows(
      app,
      `select e.type from events e join messages m on m.id = e.message_id where m.wamid = $1 order by xid, e.id`,
      [wamid],
    );
    expect(events.map((event) => (event as { type: string }).type)).toEqual([
      'message.created',
      'message.updated',
      'message.updated',
    ]);
    expect(new Set(meta.asked.map(({ token }) => token))).toEqual(new Set(['test-token']));
  });

  it.each<[string, MediaFaults, string]>([
    ['an address that has run out', { bytes: 404 }, 'unreachable'],
    ['a refused token', { bytes: 401 }, 'token'],
    ['a refused token at Graph', { resolve: { status: 401, code: 190 } }, 'token'],
    ['a hash that only the webhook had right', { sha256: hashOf(Buffer.from('x')) }, 'ready'],
    ['a broken connection', { breaks: true }, 'unreachable'],
    ['a Graph that is overloaded', { resolve: { status: 500, code: 2 } }, 'unreachable'],
    ['a redirect', { bytes: 302, location: 'http://169.254.169.254/' }, 'wrong_host'],
  ])('are tried again after %s', async (_what, faults, failure) => {
    const { wamid, graphId } = await receives(PNG, faults);
    if (failure !== 'ready') {
      const media = await standsAt(wamid, (file) => file.failure !== null);
      expect(media).toMatchObject({ state: 'waiting', failure });
      meta.heal(graphId);
      await due();
    }
    await ready(wamid);
  });

  it('whose bytes are neither those of the webhook nor of Graph are not kept', async () => {
    const other = hashOf(Buffer.from('something else'));
    const { wamid, graphId } = await receives(PNG, { sha256: other }, { sha256: other });
    expect(await standsAt(wamid, (file) => file.failure !== null)).toMatchObject({ failure: 'hash', size: null });
    expect(meta.of(graphId, 'bytes')).toBe(1);
  });

  it.each<[string, MediaFaults, string]>([
    ['gone at Meta', { resolve: { status: 400, code: 100 } }, 'gone'],
    ['too large', { size: 101 * 1_024 * 1_024 }, 'too_large'],
    ['on a host that is not Meta’s', { url: 'http://127.0.0.1:9/x' }, 'wrong_host'],
    ['on another host that looks like it', { url: 'https://lookaside.fbsbx.com.evil.example/x' }, 'wrong_host'],
  ])('that are %s fail visibly, until somebody says Retry', async (_what, faults, failure) => {
    const { wamid, graphId } = await receives(PNG, faults);
    const media = await standsAt(wamid, ({ state }) => state === 'failed');
    expect(media).toMatchObject({ failure });
    expect(meta.of(graphId, 'bytes')).toBe(0);
    const path = `/media/${media.id ?? ''}`;
    expect((await app.call(ana, 'GET', path)).status).toBe(404);
    meta.heal(graphId);
    expect((await app.call(ana, 'POST', `${path}/retry`)).status).toBe(204);
    await ready(wamid);
    expect(await app.call(ana, 'POST', `${path}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'media.not_retryable' },
    });
  });

  it('are given up after all tries, with a pause that grows', async () => {
    const { wamid } = await receives(PNG, { bytes: 404 });
    await waitFor(async () => {
      const file = (await message(wamid))?.media;
      if (file?.state === 'failed') return true;
      await due();
      await app.app.get(MediaFetcher, { strict: false }).look();
      return false;
    });
    const [row] = await rows<{ attempts: number }>(
      app,
      'select f.attempts from media_files f join messages m on m.media_id = f.id where m.wamid = $1',
      [wamid],
    );
    expect(row?.attempts).toBe(8);
  });

  it('held by an instance that died are fetched by another', async () => {
    const { wamid, graphId } = await receives(PNG, { bytes: 404 });
    const media = await standsAt(wamid, (file) => file.failure !== null);
    meta.heal(graphId);
    await rows(
      app,
      `update media_files set lease_id = gen_random_uuid(), lease_until = app_now() + interval '1 minute',
         next_attempt_at = app_now() where id = $1`,
      [media.id],
    );
    const asked = meta.of(graphId, 'bytes');
    await app.app.get(MediaFetcher, { strict: false }).look();
    expect(meta.of(graphId, 'bytes')).toBe(asked);
    await rows(app, `update media_files set lease_until = app_now() where id = $1`, [media.id]);
    await ready(wamid);
  });

  it('are given back untried by an instance that stops', async () => {
    const other = await startTestApp({ sharing: app });
    const { wamid, graphId } = await receives(PNG, { stalls: true });
    await waitFor(() => meta.of(graphId, 'bytes') > 0);
    for (const instance of [other, app]) {
      await instance.app.get(MediaFetcher, { strict: false }).beforeApplicationShutdown();
    }
    const [row] = await rows(
      app,
      'select f.lease_id, f.attempts, f.state from media_files f join messages m on m.media_id = f.id where m.wamid = $1',
      [wamid],
    );
    expect(row).toEqual({ lease_id: null, attempts: 0, state: 'waiting' });
    await other.close();
    const third = await startTestApp({ sharing: app });
    meta.heal(graphId);
    await ready(wamid);
    await third.close();
  });

  it('leave nothing half-way on the disk', () => {
    expect(readdirSync(join(folder, 'media', 'incoming'))).toEqual([]);
  });

  it('are deleted with the messages that name them', async () => {
    const files = await rows<{ id: string }>(app, `select id from media_files where state = 'ready'`);
    const paths = files.map(({ id }) => join(folder, 'media', id.slice(-2), id));
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.every((path) => existsSync(path))).toBe(true);
    await rows(app, 'delete from messages where conversation_id = $1', [conversationId]);
    const upkeep = app.app.get(MediaUpkeep, { strict: false });
    await upkeep.sweep();
    expect(paths.every((path) => existsSync(path))).toBe(true);
    await rows(app, `update app_clock set shift = shift + interval '25 hours'`);
    await upkeep.sweep();
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
    expect(await rows(app, 'select id from media_files')).toEqual([]);
  });
});

import type { Gallery, GalleryKind, Problem } from '@parley/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QueryCount } from './support/query-count.js';
import { OutboundRig } from './support/outbound-rig.js';

describe('what a conversation holds besides words', () => {
  let rig: OutboundRig;

  beforeAll(async () => {
    rig = await OutboundRig.start();
  });
  afterAll(() => rig.close());

  const path = (id: string, kind: GalleryKind, more = '') => `/conversations/${id}/gallery?kind=${kind}${more}`;
  const page = async (id: string, kind: GalleryKind, more = '') =>
    (await rig.app.call<Gallery>(rig.ana, 'GET', path(id, kind, more))).body;
  const become = (messageId: string, type: string) =>
    rig.sql('update messages set type = $2 where id = $1', [messageId, type]);

  /** Every page of it, as the ids of its messages. */
  async function all(id: string, kind: GalleryKind, limit: number): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&before=${cursor}`;
      const { items, nextCursor } = await page(id, kind, `&limit=${String(limit)}${more}`);
      expect(items.length).toBeGreaterThan(0);
      expect(items.length).toBeLessThanOrEqual(limit);
      ids.push(...items.map((item) => item.id));
      cursor = nextCursor;
    }
    return ids;
  }

  it('is told apart by kind, newest first, page by page, each message once', async () => {
    const id = await rig.thread();
    const sent: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      const photo = await rig.customerWrites(id, '');
      await become(photo, n % 2 ? 'video' : 'image');
      await rig.customerWrites(id, `only words ${String(n)}`);
      sent.unshift(photo);
    }
    const file = await rig.customerWrites(id, '');
    await become(file, 'document');
    expect(await all(id, 'media', 3)).toEqual(sent);
    expect(await all(id, 'files', 3)).toEqual([file]);
    expect(await page(id, 'links')).toEqual({ items: [], nextCursor: null });
  });

  it('finds links in words and captions, and not every full stop', async () => {
    const id = await rig.thread();
    const links = [
      await rig.customerWrites(id, 'Look: HTTPS://example.org/a?b=c'),
      await rig.customerWrites(id, 'or www.example.org'),
    ];
    await rig.customerWrites(id, 'No link.here, and e.g. none there');
    const { items } = await page(id, 'links');
    expect(items.map((item) => item.id)).toEqual(links.reverse());
  });

  it('costs who asks, the conversation and one page, however much there is', async () => {
    const id = await rig.thread();
    for (let n = 0; n < 5; n += 1) await become(await rig.customerWrites(id, ''), 'image');
    const count = QueryCount.begin(rig.app.app.getHttpServer());
    await page(id, 'media');
    expect(count.last.length).toBeLessThanOrEqual(3);
    count.end();
  });

  it('takes the index of its kind', async () => {
    const id = await rig.thread();
    await rig.app.database.transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off');
      for (const [kind, condition] of [
        ['media', `type in ('image', 'video')`],
        ['files', `type in ('document', 'audio')`],
        ['links', `body ~* '(https?://|www\\.)'`],
      ] as const) {
        const plan = await tx.query<{ 'QUERY PLAN': string }[]>(
          `explain select * from messages where conversation_id = $1 and ${condition}
           order by event_second desc, seq desc limit 31`,
          [id],
        );
        expect(JSON.stringify(plan)).toContain(`messages_gallery_${kind}`);
      }
    });
  });

  it('is hidden with its conversation, and refuses a kind or a cursor that is none', async () => {
    const id = await rig.thread({ inbound: ['Hi'] });
    const { body: team } = await rig.app.call<{ id: string }>(
      await rig.app.given.agent({ role: 'admin' }),
      'POST',
      '/teams',
      { name: 'Others' },
    );
    expect((await rig.app.call<Problem>(rig.ana, 'GET', path(id, 'songs' as GalleryKind))).status).toBe(400);
    expect((await rig.app.call<Problem>(rig.ana, 'GET', path(id, 'media', '&before=bm9wZQ'))).status).toBe(400);
    await rig.sql('update conversations set team_id = $2 where id = $1', [id, team.id]);
    expect((await rig.app.call<Problem>(rig.ana, 'GET', path(id, 'media'))).status).toBe(404);
  });
});

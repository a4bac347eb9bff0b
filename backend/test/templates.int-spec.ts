import type { Message, Problem, TemplateList } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MediaUpkeep } from '../src/media/media-upkeep.js';
import { TemplateSyncService } from '../src/templates/template-sync.service.js';
import { graphError } from './support/fake-graph.js';
import { PNG } from './support/fake-media.js';
import { LiveClient } from './support/live-client.js';
import { OutboundRig } from './support/outbound-rig.js';
import type { TestAgent } from './support/test-app.js';
import { drained, payload, post } from './support/webhook-rig.js';
import { waitFor } from './support/wait-for.js';

const WABA = '318840027715906';
const PICKUP = '1284400917726613';

const template = (id: string, over: object = {}) => ({
  id,
  name: `template_${id}`,
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  parameter_format: 'POSITIONAL',
  quality_score: { score: 'GREEN' },
  rejected_reason: 'NONE',
  components: [{ type: 'BODY', text: 'Hello {{1}}, your order {{2}} is ready.' }],
  ...over,
});
const pickup = (over: object = {}) => template(PICKUP, { name: 'pickup_ready', ...over });

describe('message templates', () => {
  let rig: OutboundRig;
  let admin: TestAgent;
  let channelId: string;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    admin = await rig.app.given.agent({ role: 'admin' });
    channelId = (await rig.app.given.channel({ businessAccountId: WABA })).id;
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    await rig.sql('truncate message_templates, template_syncs, template_sends, webhook_deliveries, webhook_items');
    rig.graph.templates = [pickup()];
    rig.graph.templatePages.length = 0;
    rig.graph.templatesAnswer = 'ok';
  });

  /** Asks for a reading of this account alone and waits for its end. */
  async function read(): Promise<TemplateList> {
    const asked = await rig.app.call(admin, 'POST', '/templates/sync', { channelId });
    expect(asked.status).toBe(202);
    let list: TemplateList | null = null;
    await waitFor(async () => {
      list = await listed();
      const [busy] = await rig.sql(
        'select from template_syncs where lease_id is not null or next_at <= app_now() limit 1',
      );
      return !busy && list.syncs.length === 1 && !list.syncs[0]?.isRunning;
    });
    return list as unknown as TemplateList;
  }
  /** By the clock that decides. */
  const seconds = async (): Promise<number> => {
    const [row] = await rig.sql<{ now: number }>('select floor(extract(epoch from app_now()))::int as now');
    return row?.now ?? 0;
  };
  const listed = async (): Promise<TemplateList> =>
    (await rig.app.call<TemplateList>(rig.ana, 'GET', `/templates?channel=${channelId}`)).body;
  const pickupNow = async () => (await listed()).items.find(({ id }) => id === PICKUP);

  async function told(field: string, value: object, time: number): Promise<void> {
    const about = {
      message_template_id: Number(PICKUP),
      message_template_name: 'pickup_ready',
      message_template_language: 'en-US',
    };
    const changes = [{ field, value: { ...about, ...value } }];
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: WABA, time, changes }] });
    expect(await post(rig.app, body)).toBe(200);
    await drained(rig.app);
  }
  const status = (event: string, time: number, over: object = {}) =>
    told('message_template_status_update', { event, reason: 'NONE', ...over }, time);

  it('are read page by page with the token of a number of the account, and never from the address that an answer names', async () => {
    rig.graph.templates = Array.from({ length: 120 }, (_, index) => template(String(1_000 + index)));
    const list = await read();
    expect(list.items).toHaveLength(120);
    expect(list.syncs).toMatchObject([{ businessAccountId: WABA, found: 120, error: null }]);
    const own = rig.graph.templatePages.filter(({ account }) => account === WABA);
    expect(own).toEqual([null, '50', '100'].map((after) => ({ account: WABA, token: 'test-token', after })));
  });

  it('say how often the number that asks, or any, sent them in the last 90 days', async () => {
    const sibling = (await rig.app.given.channel({ businessAccountId: WABA })).id;
    const elsewhere = (await rig.app.given.channel({ businessAccountId: '402217763190558' })).id;
    rig.graph.templates = [pickup(), pickup({ id: '8', language: 'es' }), template('7')];
    await read();
    const given = (of: string, daysAgo: number, language: string, slot: number, sends: number) =>
      rig.sql(
        `insert into template_sends (channel_id, day, name, language, slot, sends)
         values ($1, (app_now() at time zone 'UTC')::date - $2::int, 'pickup_ready', $3, $4, $5)`,
        [of, daysAgo, language, slot, sends],
      );
    await given(channelId, 0, 'en_US', 0, 2);
    await given(channelId, 0, 'en_US', 1, 3);
    await given(channelId, 89, 'en_US', 0, 10);
    await given(channelId, 90, 'en_US', 0, 100);
    await given(channelId, 0, 'es', 0, 4);
    await given(sibling, 1, 'en_US', 0, 1_000);
    await given(elsewhere, 1, 'en_US', 0, 10_000);
    const sendsOf = ({ items }: TemplateList) =>
      Object.fromEntries(
        items
          .filter(({ businessAccountId }) => businessAccountId === WABA)
          .map(({ name, language, sends }) => [`${name} ${language}`, sends]),
      );
    expect(sendsOf(await listed())).toEqual({ 'pickup_ready en_US': 15, 'pickup_ready es': 4, 'template_7 en_US': 0 });
    const all = (await rig.app.call<TemplateList>(rig.ana, 'GET', '/templates')).body;
    expect(sendsOf(all)).toMatchObject({ 'pickup_ready en_US': 1_015, 'pickup_ready es': 4 });
  });

  it('follow what Meta has: changed, gone and come back', async () => {
    await read();
    rig.graph.templates = [pickup({ status: 'PAUSED' }), template('7')];
    await rig.advanceClock('10 seconds');
    expect((await read()).items.map(({ id, status: now }) => [id, now])).toEqual([
      [PICKUP, 'paused'],
      ['7', 'approved'],
    ]);
    rig.graph.templates = [template('7')];
    await rig.advanceClock('10 seconds');
    expect((await read()).items.map(({ id }) => id)).toEqual(['7']);
  });

  it('stay as they are when Meta refuses, and the list says why', async () => {
    await read();
    rig.graph.templatesAnswer = graphError(190);
    const list = await read();
    expect(list.items).toHaveLength(1);
    const { error, startedAt, finishedAt } = list.syncs[0] ?? {};
    expect(error).toContain('190');
    // What is there is of the reading before; the one that failed has its own time.
    expect(Date.parse(String(finishedAt))).toBeLessThan(Date.parse(String(startedAt)));
  });

  it('are read again when a reading broke off, and are said to be read until then', async () => {
    await read();
    await rig.sql(`update template_syncs set lease_id = $1, lease_until = app_now() - interval '1 second'`, [
      randomUUID(),
    ]);
    expect((await listed()).syncs).toMatchObject([{ isRunning: true }]);
    await rig.app.app.get(TemplateSyncService).runDue();
    expect((await listed()).syncs).toMatchObject([{ isRunning: false, error: null }]);
  });

  it('are read by one instance at a time', async () => {
    await rig.sql(`insert into template_syncs (business_account_id) values ($1)`, [WABA]);
    const service = rig.app.app.get(TemplateSyncService);
    const runs = await Promise.all([service.runDue(), service.runDue()]);
    expect(runs.sort()).toEqual([0, 1]);
  });

  it('take what webhooks tell, in the order of Meta’s time', async () => {
    await read();
    const now = await seconds();
    await status('PAUSED', now + 2, { other_info: { title: 'FIRST_PAUSE', description: 'Paused for 3 hours' } });
    await status('APPROVED', now + 1);
    expect(await pickupNow()).toMatchObject({
      status: 'paused',
      statusReason: 'FIRST_PAUSE',
      statusDetail: 'Paused for 3 hours',
      blockedBy: 'status',
    });
    await told('message_template_quality_update', { new_quality_score: 'YELLOW' }, now + 2);
    await told(
      'template_category_update',
      { correct_category: 'MARKETING', new_category: 'UTILITY', category_update_timestamp: now + 86_400 },
      now + 2,
    );
    expect(await pickupNow()).toMatchObject({
      quality: 'yellow',
      category: 'utility',
      upcomingCategory: { category: 'marketing', at: new Date((now + 86_400) * 1_000).toISOString() },
    });
    await told('template_category_update', { previous_category: 'UTILITY', new_category: 'MARKETING' }, now + 3);
    expect(await pickupNow()).toMatchObject({ category: 'marketing', upcomingCategory: null });
  });

  it('take every payload of Meta’s set, each once', async () => {
    const files = [
      ['084-template-status-approved.json', { status: 'approved', category: 'utility' }],
      ['086-template-status-paused.json', { status: 'paused', statusReason: 'FIRST_PAUSE' }],
      ['087-template-status-disabled.json', { status: 'disabled' }],
      ['088-template-status-pending-deletion.json', { status: 'pending_deletion', statusReason: null }],
      ['089-template-quality.json', { quality: 'yellow' }],
      ['090-template-quality-mislabelled.json', { quality: 'yellow' }],
      ['091-template-components.json', { footer: 'Lantern Grove', header: { text: 'Ready!' } }],
      ['093-template-category-done.json', { category: 'marketing' }],
    ] as const;
    for (const [file, expected] of files) {
      expect(await post(rig.app, payload(file)), file).toBe(200);
      await drained(rig.app);
      expect(await pickupNow(), file).toMatchObject(expected);
    }
    // All are of one second, so an announcement of what was done since changes nothing any more.
    for (const file of ['092-template-category-impending.json', '094-template-correct-category.json']) {
      await post(rig.app, payload(file));
    }
    await drained(rig.app);
    expect(await pickupNow()).toMatchObject({ upcomingCategory: null });
    const outcomes = await rig.sql<{ outcome: string }>('select distinct outcome from webhook_items order by outcome');
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'duplicate']);
  });

  it('of an account that nobody connected are kept in the ledger', async () => {
    const text = payload('084-template-status-approved.json').toString().replace(WABA, '999');
    expect(await post(rig.app, text)).toBe(200);
    await drained(rig.app);
    const [item] = await rig.sql<{ outcome: string; reason: string }>('select outcome, reason from webhook_items');
    expect(item).toMatchObject({ outcome: 'kept', reason: expect.stringContaining('999') as string });
  });

  it('tell every console that they moved', async () => {
    await read();
    const live = await new LiveClient(rig.app.url, rig.ana.token).ready();
    try {
      await status('PAUSED', (await seconds()) + 1);
      await waitFor(() => live.of('templates:changed').length > 0);
      expect(live.of('templates:changed').at(-1)?.payload).toEqual({ businessAccountId: WABA });
    } finally {
      live.socket.disconnect();
    }
  });

  describe('sent', () => {
    const filled = (over: object = {}) => ({
      name: 'pickup_ready',
      language: 'en_US',
      body: { 1: 'Maria', 2: '8841' },
      ...over,
    });
    const send = (conversationId: string, filling: object, over: object = {}) =>
      rig.app.call<Message & Pick<Problem, 'code'>>(rig.ana, 'POST', `/conversations/${conversationId}/messages`, {
        clientMessageId: randomUUID(),
        type: 'template',
        template: filling,
        ...over,
      });
    const closed = () => rig.thread({ channelId, windowExpiresAt: '2026-01-01T00:00:00Z' });

    const picture = async (): Promise<string> => {
      const uploaded = await fetch(`${rig.app.url}/api/media?kind=image&fileName=shelf.png`, {
        method: 'POST',
        headers: { authorization: `Bearer ${rig.ana.token}`, 'content-type': 'application/octet-stream' },
        body: PNG,
      });
      return ((await uploaded.json()) as { id: string }).id;
    };
    const becomes = async (over: object) => {
      rig.graph.templates = [pickup(over)];
      await rig.advanceClock('10 seconds');
      await read();
    };

    beforeEach(() => read().then(() => undefined));

    it('leaves while the window is closed, as Graph wants it, and stands in the thread as the phone shows it', async () => {
      const id = await closed();
      const { status: http, body } = await send(id, filled());
      expect(http).toBe(201);
      const words = 'Hello Maria, your order 8841 is ready.';
      expect(body).toMatchObject({ type: 'template', text: { body: words }, template: { body: words } });
      await rig.becomes(body.id, 'accepted');
      expect(rig.graph.of(id)[0]?.body).toMatchObject({
        type: 'template',
        template: {
          name: 'pickup_ready',
          language: { code: 'en_US' },
          components: [
            {
              type: 'body',
              parameters: [
                { type: 'text', text: 'Maria' },
                { type: 'text', text: '8841' },
              ],
            },
          ],
        },
      });
      const found = await rig.app.call<{ items: { id: string; lastMessage: { preview: string } }[] }>(
        rig.ana,
        'GET',
        '/conversations?q=8841',
      );
      expect(found.body.items.find((item) => item.id === id)?.lastMessage.preview).toBe(words);
      expect((await rig.send(id, 'plain words')).status).toBe(422);
    });

    it('is one message however often it is asked for, and another body under its id is refused', async () => {
      const id = await closed();
      const clientMessageId = randomUUID();
      const first = await send(id, filled(), { clientMessageId });
      const again = await send(id, filled(), { clientMessageId });
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body.id).toBe(first.body.id);
      const other = await send(id, filled({ body: { 1: 'Maria', 2: '9' } }), { clientMessageId });
      expect(other.body.code).toBe('message.id_reused');
    });

    it('is refused with a sentence before it leaves: unknown, paused, not filled in', async () => {
      const id = await closed();
      expect((await send(id, filled({ name: 'nothing' }))).body.code).toBe('template.unavailable');
      expect((await send(id, filled({ body: { 1: 'Maria' } }))).body).toMatchObject({
        code: 'template.invalid',
        fields: [{ path: 'template.body.2', message: 'must be filled in' }],
      });
      await status('PAUSED', (await seconds()) + 5);
      const paused = await send(id, filled());
      expect(paused).toMatchObject({ status: 422, body: { code: 'template.unavailable', templateStatus: 'paused' } });
      expect(rig.graph.of(id)).toHaveLength(0);
    });

    it.each([
      ['REJECTED', 'rejected', 'WhatsApp rejected this template.'],
      ['PAUSED', 'paused', 'WhatsApp paused this template because customers reported or blocked it.'],
      ['DISABLED', 'disabled', 'WhatsApp disabled this template for good.'],
    ])('is refused once Meta has told that it is %s, with the reason', async (event, templateStatus, title) => {
      const id = await closed();
      await status(event, (await seconds()) + 5, { reason: 'INVALID_FORMAT' });
      expect(await send(id, filled())).toMatchObject({
        status: 422,
        body: { code: 'template.unavailable', templateStatus, title, reason: 'INVALID_FORMAT' },
      });
      expect(rig.graph.of(id)).toHaveLength(0);
    });

    it('is refused while Meta keeps the number from opening conversations, and leaves inside the window', async () => {
      const until = (await seconds()) + 3_600;
      const restricted = async (expiration: number, time: number): Promise<void> => {
        const restriction = { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration };
        const value = { event: 'ACCOUNT_RESTRICTION', restriction_info: [restriction] };
        const changes = [{ field: 'account_update', value }];
        await post(rig.app, JSON.stringify({ entry: [{ id: WABA, time, changes }] }));
        await drained(rig.app);
      };
      const now = await seconds();
      await restricted(until, now - 2);
      const refused = await send(await closed(), filled());
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'channel.restricted', until: new Date(until * 1_000).toISOString() },
      });
      expect((await send(await rig.thread({ channelId }), filled())).status).toBe(201);
      await restricted(now - 1, now - 1);
      expect((await send(await closed(), filled())).status).toBe(201);
    });

    describe('where Meta lets the portfolio open two conversations a day', () => {
      beforeEach(async () => {
        await rig.sql('truncate portfolio_openings');
        await rig.sql('delete from channel_standing');
        const value = { max_daily_conversations_per_business: 2 };
        const changes = [{ field: 'business_capability_update', value }];
        await post(rig.app, JSON.stringify({ entry: [{ id: WABA, time: await seconds(), changes }] }));
        await drained(rig.app);
      });
      afterAll(() => rig.sql('delete from channel_standing'));

      it('the third customer is refused with the count and the time, the first may get more, and a day later all is free', async () => {
        const first = await closed();
        expect((await send(first, filled())).status).toBe(201);
        expect((await send(await closed(), filled())).status).toBe(201);
        const third = await closed();
        const refused = await send(third, filled());
        expect(refused).toMatchObject({ status: 409, body: { code: 'channel.limit_reached', limit: 2, used: 2 } });
        const freeAt = Math.floor(Date.parse(String((refused.body as unknown as Problem)['freeAt'])) / 1_000);
        expect(Math.abs(freeAt - ((await seconds()) + 86_400))).toBeLessThan(60);
        expect(rig.graph.of(third)).toHaveLength(0);
        expect(await rig.sql('select id from messages where conversation_id = $1', [third])).toEqual([]);

        expect((await send(first, filled())).status).toBe(201);
        expect((await send(await rig.thread({ channelId }), filled())).status).toBe(201);
        await rig.advanceClock('24 hours');
        expect((await send(third, filled())).status).toBe(201);
      });

      it('what failed has opened nothing', async () => {
        rig.graph.answer = () => graphError(131_026);
        const failed = await Promise.all([closed(), closed()]);
        for (const id of failed) await rig.becomes((await send(id, filled())).body.id, 'failed');
        rig.graph.answer = () => 'ok';
        expect((await send(await closed(), filled())).status).toBe(201);
      });

      it('of many at once as many go as there is room for', async () => {
        const threads = await Promise.all(Array.from({ length: 6 }, closed));
        const answers = await Promise.all(threads.map((id) => send(id, filled())));
        expect(answers.map(({ status: http }) => http).sort()).toEqual([201, 201, 409, 409, 409, 409]);
      });

      it('without a limit, and where Meta has named none, nothing is counted against anybody', async () => {
        const open = async () => (await send(await closed(), filled())).status;
        await rig.sql(`update channel_standing set value = '{"value":"TIER_UNLIMITED"}' where part = 'messagingLimit'`);
        expect([await open(), await open(), await open()]).toEqual([201, 201, 201]);
        await rig.sql('delete from channel_standing');
        expect(await open()).toBe(201);
      });
    });

    it('carries the file of its header', async () => {
      await becomes({
        components: [
          { type: 'HEADER', format: 'IMAGE' },
          { type: 'BODY', text: 'Look what came in.' },
        ],
      });
      const fileId = await picture();
      const id = await closed();
      const { body } = await send(id, { name: 'pickup_ready', language: 'en_US', header: { fileId } });
      expect(body).toMatchObject({ type: 'template', media: { id: fileId, state: 'ready' } });
      await rig.becomes(body.id, 'accepted');
      const graphId = rig.graph.uploads.at(-1)?.id;
      expect(rig.graph.of(id)[0]?.body).toMatchObject({
        template: { components: [{ type: 'header', parameters: [{ type: 'image', image: { id: graphId } }] }] },
      });
    });

    it('with a one-time code goes to a phone number, and is refused where only a user id is known', async () => {
      await becomes({
        category: 'AUTHENTICATION',
        components: [
          { type: 'BODY', text: '*{{1}}* is your verification code.' },
          { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' }] },
        ],
      });
      const code = { name: 'pickup_ready', language: 'en_US', body: { 1: '739184' } };
      const id = await closed();
      const { body } = await send(id, code);
      await rig.becomes(body.id, 'accepted');
      expect(rig.graph.of(id)[0]?.body).toMatchObject({
        template: {
          components: [
            { type: 'body', parameters: [{ type: 'text', text: '739184' }] },
            { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: '739184' }] },
          ],
        },
      });
      await rig.sql(
        `update contact_identities set kind = 'bsuid', value = 'US.' || value
         where contact_id = (select contact_id from conversations where id = $1)`,
        [id],
      );
      expect(await send(id, code)).toMatchObject({ status: 422, body: { code: 'message.phone_needed' } });
    });

    it('as a carousel carries the picture of each card, uploaded once, for those to see who see the thread', async () => {
      const card = {
        components: [
          { type: 'HEADER', format: 'IMAGE' },
          { type: 'BODY', text: 'About {{1}}' },
          { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Keep one' }] },
        ],
      };
      await becomes({
        components: [
          { type: 'BODY', text: 'New on our shelves' },
          { type: 'CAROUSEL', cards: [card, card] },
        ],
      });
      const [fileId, again] = [await picture(), await picture()];
      const id = await closed();
      const cards = [fileId, again].map((file, index) => ({ fileId: file, body: { 1: `book ${index}` } }));
      const filling = { name: 'pickup_ready', language: 'en_US', cards };
      const foreign = await send(id, { ...filling, cards: [{ ...cards[0], fileId: randomUUID() }, cards[1]] });
      expect(foreign.body.code).toBe('media.not_found');
      const { body } = await send(id, filling);
      expect(body.template?.cards).toMatchObject([{ fileId, body: 'About book 0' }, { fileId: again }]);
      await rig.becomes(body.id, 'accepted');
      const ids = rig.graph.uploads.slice(-2).map((upload) => upload.id);
      expect(rig.graph.of(id)[0]?.body).toMatchObject({
        template: {
          components: [
            {
              type: 'carousel',
              cards: ids.map((graphId, index) => ({
                card_index: index,
                components: [
                  { type: 'header', parameters: [{ type: 'image', image: { id: graphId } }] },
                  { type: 'body', parameters: [{ type: 'text', text: `book ${index}` }] },
                ],
              })),
            },
          ],
        },
      });
      const bytes = (agent: TestAgent) =>
        fetch(`${rig.app.url}/api/media/${fileId}`, { headers: { authorization: `Bearer ${agent.token}` } });
      expect((await bytes(admin)).status).toBe(200);
      await rig.advanceClock('2 days');
      await rig.app.app.get(MediaUpkeep, { strict: false }).sweep();
      expect((await bytes(admin)).status).toBe(200);
      await rig.sql('delete from messages where conversation_id = $1', [id]);
      expect((await bytes(admin)).status).toBe(404);
      const [row] = await rig.sql<{ gone: boolean }>(
        'select unlinked_at is not null as gone from media_files where id = $1',
        [fileId],
      );
      expect(row?.gone).toBe(true);
    });

    it('shows products, one, several or a card each, by their ids in the shop', async () => {
      const view = { type: 'BUTTONS', buttons: [{ type: 'SPM', text: 'View' }] };
      const above = { type: 'HEADER', format: 'PRODUCT' };
      const words = { type: 'BODY', text: 'Have a look.' };
      const product = { catalogId: '610038847722091', productId: 'LGB-ATLAS-07' };
      const sentWith = async (components: unknown[], over: object) => {
        await becomes({ components });
        const id = await closed();
        const { body } = await send(id, { name: 'pickup_ready', language: 'en_US', ...over });
        await rig.becomes(body.id, 'accepted');
        return { face: body.template, ...(rig.graph.of(id)[0]?.body['template'] as object) };
      };
      const named = {
        type: 'header',
        parameters: [
          {
            type: 'product',
            product: { catalog_id: product.catalogId, product_retailer_id: product.productId },
          },
        ],
      };
      expect(await sentWith([above, words, view], { header: { product } })).toMatchObject({
        face: { interactive: { kind: 'product', productId: product.productId } },
        components: [named],
      });
      const mpm = { type: 'BUTTONS', buttons: [{ type: 'MPM', text: 'View items' }] };
      const sections = [{ title: 'Maps', productIds: ['LGB-MAP-22'] }];
      expect(await sentWith([words, mpm], { products: { sections } })).toMatchObject({
        face: { interactive: { kind: 'product_list', productSections: sections } },
        components: [
          {
            sub_type: 'mpm',
            parameters: [
              {
                action: {
                  thumbnail_product_retailer_id: 'LGB-MAP-22',
                  sections: [{ title: 'Maps', product_items: [{ product_retailer_id: 'LGB-MAP-22' }] }],
                },
              },
            ],
          },
        ],
      });
      const cards = [1, 2].map(() => ({ components: [above, view] }));
      const filled = [product, product].map((one) => ({ product: one }));
      expect(await sentWith([words, { type: 'CAROUSEL', cards }], { cards: filled })).toMatchObject({
        face: { cards: [{ format: 'product', productId: product.productId }, {}] },
        components: [
          {
            type: 'carousel',
            cards: [
              { card_index: 0, components: [named] },
              { card_index: 1, components: [named] },
            ],
          },
        ],
      });
      const many = [{ productIds: Array.from({ length: 31 }, (_one, index) => `SKU-${index}`) }];
      await becomes({ components: [words, mpm] });
      const id = await closed();
      const over = { name: 'pickup_ready', language: 'en_US', products: { sections: many } };
      expect(await send(id, over)).toMatchObject({
        status: 422,
        body: {
          code: 'template.invalid',
          fields: [{ path: 'template.products', message: 'has 1 product more than the 30 that a message may have' }],
        },
      });
    });

    it('asks to call by its words alone', async () => {
      const words = { type: 'BODY', text: 'May we call you?' };
      await becomes({ components: [words, { type: 'call_permission_request' }] });
      const id = await closed();
      const { body } = await send(id, { name: 'pickup_ready', language: 'en_US' });
      expect(body.template?.interactive).toMatchObject({ kind: 'call_permission_request' });
      await rig.becomes(body.id, 'accepted');
      expect(rig.graph.of(id)[0]?.body['template']).toEqual({ name: 'pickup_ready', language: { code: 'en_US' } });
    });

    it('as an offer says when it ends, and is refused once it has', async () => {
      await becomes({
        components: [
          { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Ends soon', has_expiration: true } },
          { type: 'BODY', text: 'Ten per cent off.' },
          { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copy offer code', example: 'BOOKS10' }] },
        ],
      });
      const id = await closed();
      const ends = ((await seconds()) + 3_600) * 1_000;
      const offer = (atMs: number) => ({
        name: 'pickup_ready',
        language: 'en_US',
        buttons: [{ index: 0, value: 'BOOKS10' }],
        offer: { expiresAt: new Date(atMs).toISOString() },
      });
      expect((await send(id, offer(ends - 7_200_000))).body).toMatchObject({
        code: 'template.invalid',
        fields: [{ path: 'template.offer.expiresAt', message: 'must lie in the future' }],
      });
      const { body } = await send(id, offer(ends));
      expect(body.template?.offer).toEqual({ text: 'Ends soon', expiresAt: new Date(ends).toISOString() });
      await rig.becomes(body.id, 'accepted');
      expect(rig.graph.of(id)[0]?.body).toMatchObject({
        template: {
          components: [
            {
              type: 'limited_time_offer',
              parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: ends } }],
            },
            { sub_type: 'copy_code' },
          ],
        },
      });
    });
  });
});

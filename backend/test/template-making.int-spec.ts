import type { Problem, Template, TemplateList } from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PNG } from './support/fake-media.js';
import { LiveClient } from './support/live-client.js';
import { OutboundRig } from './support/outbound-rig.js';
import type { TestAgent } from './support/test-app.js';
import { drained, post } from './support/webhook-rig.js';
import { waitFor } from './support/wait-for.js';

const WABA = '318840027715906';

const refusal = (subcode: number, code = 100) => ({
  status: 400,
  json: {
    error: {
      message: 'Invalid parameter',
      type: 'OAuthException',
      code,
      error_subcode: subcode,
      error_user_msg: 'Words for a person',
    },
  },
});

describe('making templates', () => {
  let rig: OutboundRig;
  let admin: TestAgent;
  let channelId: string;

  beforeAll(async () => {
    // No reading of its own accord: what stands in a row came from the call under test.
    rig = await OutboundRig.start({ TEMPLATE_SYNC: 'false' });
    admin = await rig.app.given.agent({ role: 'admin' });
    channelId = (await rig.app.given.channel({ businessAccountId: WABA })).id;
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    await rig.sql('truncate message_templates, template_syncs, webhook_deliveries, webhook_items');
    rig.graph.templates = [];
    rig.graph.making.calls.length = 0;
    rig.graph.making.samples.length = 0;
    rig.graph.making.answer = 'ok';
  });

  const content = (over: object = {}) => ({
    category: 'utility',
    parameterFormat: 'positional',
    header: { format: 'text', text: 'Order {{1}}', samples: { 1: '8841' } },
    body: { text: 'Hello {{2}}, order {{1}} is ready.', samples: { 1: '8841', 2: 'Ada' } },
    footer: 'Lantern Books',
    buttons: [
      { type: 'quick_reply', text: 'Thanks' },
      { type: 'url', text: 'Track', url: 'https://l.example/t/{{1}}', sample: '8841' },
      { type: 'phone_number', text: 'Call', phoneNumber: '+12025550134' },
      { type: 'copy_code', sample: 'SAVE10' },
    ],
    code: null,
    ...over,
  });
  const draft = (over: object = {}) => ({ channelId, name: 'order_ready', language: 'en_US', ...content(over) });
  const create = (over: object = {}, agent = admin) =>
    rig.app.call<Template & Pick<Problem, 'code'>>(agent, 'POST', '/templates', draft(over));
  const listed = async (): Promise<Template[]> =>
    (await rig.app.call<TemplateList>(rig.ana, 'GET', `/templates?channel=${channelId}`)).body.items;
  const dueInMs = async (): Promise<number> => {
    const [row] = await rig.sql<{ ms: number }>(
      'select (extract(epoch from next_at - app_now()) * 1000)::int as ms from template_syncs where business_account_id = $1',
      [WABA],
    );
    return row?.ms ?? Infinity;
  };
  async function upload(kind: string, name: string, bytes: Buffer): Promise<string> {
    const answer = await fetch(`${rig.app.url}/api/media?kind=${kind}&fileName=${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    return ((await answer.json()) as { id: string }).id;
  }

  it('submits it as Graph wants it, and keeps what Meta then says of it', async () => {
    const live = await new LiveClient(rig.app.url, rig.ana.token).ready();
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(rig.graph.making.calls).toEqual([
      {
        method: 'POST',
        path: `${WABA}/message_templates`,
        query: {},
        body: {
          name: 'order_ready',
          language: 'en_US',
          category: 'UTILITY',
          parameter_format: 'positional',
          components: [
            { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['8841'] } },
            { type: 'BODY', text: 'Hello {{2}}, order {{1}} is ready.', example: { body_text: [['8841', 'Ada']] } },
            { type: 'FOOTER', text: 'Lantern Books' },
            {
              type: 'BUTTONS',
              buttons: [
                { type: 'QUICK_REPLY', text: 'Thanks' },
                { type: 'URL', text: 'Track', url: 'https://l.example/t/{{1}}', example: ['https://l.example/t/8841'] },
                { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+12025550134' },
                { type: 'COPY_CODE', example: 'SAVE10' },
              ],
            },
          ],
        },
      },
    ]);
    expect(body).toMatchObject({ id: rig.graph.templates[0]?.['id'], status: 'pending', blockedBy: 'status' });
    expect(await listed()).toEqual([{ ...body, sends: 0 }]);
    await waitFor(() => live.of('templates:changed').length > 0);
    live.socket.disconnect();
    expect(await dueInMs()).toBeLessThanOrEqual(60_000);
  });

  it('moves by the webhook of its review, and what that told stands over an older reading', async () => {
    const { body } = await create();
    const about = { message_template_id: Number(body.id), message_template_name: body.name };
    const [now] = await rig.sql<{ s: number }>('select floor(extract(epoch from app_now()))::int as s');
    const value = { event: 'APPROVED', reason: 'NONE', message_template_language: 'en_US', ...about };
    const changes = [{ field: 'message_template_status_update', value }];
    const entry = [{ id: WABA, time: (now?.s ?? 0) + 60, changes }];
    expect(await post(rig.app, JSON.stringify({ object: 'whatsapp_business_account', entry }))).toBe(200);
    await drained(rig.app);
    expect(await listed()).toMatchObject([{ id: body.id, status: 'approved', blockedBy: null }]);
    const again = await rig.app.call<Template>(admin, 'PATCH', `/templates/${body.id}`, content());
    expect(again.status).toBe(200);
    expect(again.body.status).toBe('approved');
  });

  it('names its variables where they have names, and leaves a one-time code to Meta’s own words', async () => {
    await create({
      name: 'named',
      parameterFormat: 'named',
      header: null,
      body: { text: 'Hello {{first_name}}!', samples: { first_name: 'Ada' } },
      footer: null,
      buttons: [],
    });
    await create({
      category: 'authentication',
      header: null,
      body: { text: '', samples: {} },
      footer: null,
      buttons: [],
      code: { securityAdvice: true, expiresInMinutes: 10, buttonText: 'Copy code' },
    });
    expect(rig.graph.making.calls.map(({ body }) => body['components'])).toEqual([
      [
        {
          type: 'BODY',
          text: 'Hello {{first_name}}!',
          example: { body_text_named_params: [{ param_name: 'first_name', example: 'Ada' }] },
        },
      ],
      [
        { type: 'BODY', add_security_recommendation: true },
        { type: 'FOOTER', code_expiration_minutes: 10 },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' }] },
      ],
    ]);
  });

  it('gives Meta the sample of its header first, and names it by its handle', async () => {
    const fileId = await upload('image', 'shelf.png', PNG);
    const { status } = await create({ header: { format: 'image', fileId } });
    expect(status).toBe(201);
    expect(rig.graph.making.samples).toEqual([
      {
        session: expect.stringMatching(/\/upload:MTpzYW1wbGU=\?sig=ARZ$/) as string,
        authorization: 'OAuth test-token',
        offset: '0',
        bytes: PNG,
      },
    ]);
    const [header] = rig.graph.making.calls[0]?.body['components'] as unknown[];
    expect(header).toEqual({ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::aGFuZGxl'] } });
    const foreign = await rig.app.given.agent({ role: 'admin' });
    expect((await create({ name: 'other', header: { format: 'image', fileId } }, foreign)).body.code).toBe(
      'media.not_found',
    );
    const words = await upload('document', 'notes.txt', Buffer.from('plain words'));
    expect((await create({ name: 'other', header: { format: 'document', fileId: words } })).body).toMatchObject({
      code: 'template.invalid',
      fields: [{ path: 'header.fileId' }],
    });
    expect(rig.graph.making.calls).toHaveLength(1);
  });

  it('submits a carousel with the sample of each card, and changes it as a whole', async () => {
    const files = [
      await upload('image', 'rivers.png', PNG),
      await upload('image', 'winds.png', Buffer.concat([PNG, Buffer.from('winds')])),
    ];
    const cards = (titles: string[]) =>
      titles.map((title, index) => ({
        header: { format: 'image', fileId: files[index] },
        body: { text: `${title} for {{1}} euros`, samples: { 1: '12' } },
        buttons: [
          { type: 'quick_reply', text: 'Keep one' },
          { type: 'url', text: 'See', url: 'https://l.example/{{1}}', sample: title },
        ],
      }));
    const bare = { category: 'marketing', header: null, footer: null, buttons: [] };
    const made = await create({ ...bare, cards: cards(['Rivers', 'Winds']) });
    expect(made.status).toBe(201);
    expect(rig.graph.making.samples.map(({ bytes }) => bytes.length)).toEqual([PNG.length, PNG.length + 5]);
    const card = (title: string, handle: string) => ({
      components: [
        { type: 'HEADER', format: 'IMAGE', example: { header_handle: [handle] } },
        { type: 'BODY', text: `${title} for {{1}} euros`, example: { body_text: [['12']] } },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'QUICK_REPLY', text: 'Keep one' },
            { type: 'URL', text: 'See', url: 'https://l.example/{{1}}', example: [`https://l.example/${title}`] },
          ],
        },
      ],
    });
    expect(rig.graph.making.calls[0]?.body).toMatchObject({
      category: 'MARKETING',
      components: [
        { type: 'BODY' },
        { type: 'CAROUSEL', cards: [card('Rivers', '4::aGFuZGxl'), card('Winds', '4::aGFuZGxl2')] },
      ],
    });
    expect(made.body.cards).toMatchObject([
      { format: 'image', body: { text: 'Rivers for {{1}} euros' } },
      { format: 'image', body: { text: 'Winds for {{1}} euros' } },
    ]);
    const changed = await rig.app.call<Template>(
      admin,
      'PATCH',
      `/templates/${made.body.id}`,
      content({ ...bare, cards: cards(['Lakes', 'Seas']) }),
    );
    expect(changed).toMatchObject({ status: 200, body: { cards: [{ body: { text: 'Lakes for {{1}} euros' } }, {}] } });

    const foreign = await rig.app.given.agent({ role: 'admin' });
    const other = await create({ ...bare, name: 'foreign', cards: cards(['Rivers', 'Winds']) }, foreign);
    expect(other.body.code).toBe('media.not_found');
    const mixed = cards(['Rivers', 'Winds']).map((one, index) => ({ ...one, buttons: one.buttons.slice(index) }));
    expect((await create({ ...bare, name: 'mixed', cards: mixed })).body).toMatchObject({
      code: 'template.invalid',
      fields: [{ path: 'cards.1', message: expect.stringContaining('the same kinds of buttons') as string }],
    });
  });

  it('submits an offer with its end, and a code with the apps that take it', async () => {
    const offer = { text: 'Ends soon!', hasExpiration: true };
    const buttons = [
      { type: 'copy_code', sample: 'SAVE10' },
      { type: 'url', text: 'To the shop', url: 'https://l.example' },
    ];
    const made = await create({ category: 'marketing', header: null, footer: null, buttons, offer });
    expect(made).toMatchObject({ status: 201, body: { offer } });
    const code = {
      securityAdvice: false,
      expiresInMinutes: null,
      buttonText: 'Copy',
      delivery: 'zero_tap',
      autofillText: 'Fill in',
      apps: [{ packageName: 'com.lantern.shop', signatureHash: 'K8a/AINcGX7' }],
      termsAccepted: true,
    };
    const nothing = { header: null, body: { text: '', samples: {} }, footer: null, buttons: [] };
    const handed = await create({ ...nothing, name: 'code', category: 'authentication', code });
    expect(handed).toMatchObject({ status: 201, body: { code: { delivery: 'zero_tap', apps: code.apps } } });
    expect(rig.graph.making.calls.map(({ body }) => body['components'])).toMatchObject([
      [
        { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Ends soon!', has_expiration: true } },
        { type: 'BODY' },
        { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', example: 'SAVE10' }, { type: 'URL' }] },
      ],
      [
        { type: 'BODY', add_security_recommendation: false },
        {
          type: 'BUTTONS',
          buttons: [
            {
              type: 'OTP',
              otp_type: 'ZERO_TAP',
              text: 'Copy',
              autofill_text: 'Fill in',
              supported_apps: [{ package_name: 'com.lantern.shop', signature_hash: 'K8a/AINcGX7' }],
              zero_tap_terms_accepted: true,
            },
          ],
        },
      ],
    ]);
    const footer = { category: 'marketing', header: null, footer: 'Lantern', buttons, offer, name: 'foot' };
    expect((await create(footer)).body).toMatchObject({ code: 'template.invalid', fields: [{ path: 'footer' }] });
  });

  it('submits forms, calls, requests for contact details and the catalogue', async () => {
    const buttons = [
      { type: 'flow', text: 'Book', flowId: '884100912345', flowScreen: 'START' },
      { type: 'call', text: 'Call now' },
      { type: 'contact_info' },
      { type: 'catalog', text: 'View catalog' },
    ];
    expect((await create({ buttons })).body.buttons.map(({ type }) => type)).toEqual([
      'flow',
      'call',
      'contact_info',
      'catalog',
    ]);
    const sent = rig.graph.making.calls[0]?.body['components'] as { type: string }[];
    expect(sent.at(-1)).toEqual({
      type: 'BUTTONS',
      buttons: [
        { type: 'FLOW', text: 'Book', flow_id: '884100912345', flow_action: 'navigate', navigate_screen: 'START' },
        { type: 'VOICE_CALL', text: 'Call now' },
        { type: 'REQUEST_CONTACT_INFO' },
        { type: 'CATALOG', text: 'View catalog' },
      ],
    });
  });

  it('submits what shows products and what asks to call, and keeps them as Meta then has them', async () => {
    const bare = { category: 'marketing', header: null, footer: null };
    const header = { format: 'product' };
    const one = await create({ ...bare, header, buttons: [{ type: 'product' }] });
    expect(one).toMatchObject({
      status: 201,
      body: { header: { format: 'product' }, buttons: [{ type: 'product', text: 'View' }], hasUnknownParts: false },
    });
    const above = { format: 'text', text: 'Maps' };
    const several = await create({ ...bare, name: 'maps', header: above, buttons: [{ type: 'product_list' }] });
    expect(several.body.buttons).toMatchObject([{ type: 'product_list', text: 'View items' }]);
    const link = { type: 'url', text: 'Buy', url: 'https://l.example/{{1}}', sample: 'b' };
    const cards = [1, 2].map(() => ({ header, body: null, buttons: [link] }));
    const shelf = await create({ ...bare, name: 'shelf', buttons: [], cards });
    expect(shelf.body.cards).toMatchObject([{ format: 'product', body: null }, { format: 'product' }]);
    const asking = await create({ name: 'call', header: null, footer: null, buttons: [], callPermissionRequest: true });
    expect(asking).toMatchObject({ status: 201, body: { callPermissionRequest: true, hasUnknownParts: false } });
    const card = {
      components: [
        { type: 'HEADER', format: 'PRODUCT' },
        {
          type: 'BUTTONS',
          buttons: [{ type: 'URL', text: 'Buy', url: 'https://l.example/{{1}}', example: ['https://l.example/b'] }],
        },
      ],
    };
    const words = expect.objectContaining({ type: 'BODY' }) as unknown;
    expect(rig.graph.making.calls.map(({ body }) => body['components'])).toEqual([
      [{ type: 'HEADER', format: 'PRODUCT' }, words, { type: 'BUTTONS', buttons: [{ type: 'SPM', text: 'View' }] }],
      [
        { type: 'HEADER', format: 'TEXT', text: 'Maps' },
        words,
        { type: 'BUTTONS', buttons: [{ type: 'MPM', text: 'View items' }] },
      ],
      [words, { type: 'CAROUSEL', cards: [card, card] }],
      [words, { type: 'CALL_PERMISSION_REQUEST' }],
    ]);
    const wrong = await create({ ...bare, name: 'wrong', header, buttons: [{ type: 'product' }, link] });
    expect(wrong.body).toMatchObject({
      code: 'template.invalid',
      fields: [{ path: 'buttons', message: 'must be the one button that WhatsApp words for products' }],
    });
  });

  it('asks Meta nothing while something is wrong with it', async () => {
    const { status, body } = await create({ body: { text: '{{1}} is ready', samples: {} }, footer: 'x'.repeat(61) });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'template.invalid',
      fields: [
        { path: 'body.text', message: 'must not begin or end with a variable' },
        { path: 'body.samples.1', message: 'must be filled in' },
        { path: 'footer', message: 'is 1 character too long' },
      ],
    });
    expect(rig.graph.making.calls).toEqual([]);
  });

  it('is neither lost nor made twice when the answer is lost', async () => {
    rig.graph.making.answer = 'reset';
    const first = await create();
    expect(first).toMatchObject({ status: 201, body: { name: 'order_ready', status: 'pending' } });
    rig.graph.making.answer = 'ok';
    const again = await create();
    expect(again).toMatchObject({ status: 409, body: { code: 'template.exists', templateId: first.body.id } });
    expect(rig.graph.templates).toHaveLength(1);
    expect(await listed()).toHaveLength(1);
  });

  it('is taken for what Meta has when Meta says that it is there already', async () => {
    rig.graph.templates = [
      {
        id: '1284400917726610',
        name: 'order_ready',
        language: 'en_US',
        status: 'APPROVED',
        category: 'UTILITY',
        components: [],
      },
    ];
    rig.graph.making.answer = refusal(2_388_024);
    expect((await create()).body).toMatchObject({ code: 'template.exists', templateId: '1284400917726610' });
    expect(await listed()).toMatchObject([{ id: '1284400917726610', status: 'approved' }]);
  });

  it('says that nobody knows when Meta neither answers nor shows it', async () => {
    rig.graph.making.answer = { status: 502, text: 'Bad Gateway' };
    expect(await create()).toMatchObject({ status: 502, body: { code: 'template.unsure' } });
    expect(await listed()).toEqual([]);
    expect(await dueInMs()).toBeLessThanOrEqual(60_000);
  });

  it.each([
    [2_388_299, 100, 'edge_variable'],
    [2_388_293, 100, 'too_many_variables'],
    [2_388_040, 100, 'too_long'],
    [2_388_047, 100, 'header'],
    [2_388_072, 100, 'body'],
    [2_388_073, 100, 'footer'],
    [2_388_019, 100, 'limit'],
    [2_388_023, 100, 'name_in_deletion'],
    [0, 190, 'token'],
    [0, 200, 'permission'],
    [0, 80_008, 'rate'],
    [1, 100, 'other'],
  ])('says in words why Meta refused: subcode %i of %i is %s', async (subcode, code, reason) => {
    rig.graph.making.answer = refusal(subcode, code);
    expect(await create()).toMatchObject({
      status: 422,
      body: { code: 'template.refused', reason, metaCode: code, metaMessage: 'Words for a person' },
    });
    expect(await listed()).toEqual([]);
  });

  it('is changed as a whole and reviewed again; parts that the form does not know are not lost by it', async () => {
    const { body } = await create();
    Object.assign(rig.graph.templates[0]!, { status: 'REJECTED', rejected_reason: 'INVALID_FORMAT' });
    const changed = await rig.app.call<Template>(admin, 'PATCH', `/templates/${body.id}`, content({ footer: 'New' }));
    expect(changed).toMatchObject({ status: 200, body: { footer: 'New', status: 'pending' } });
    expect(rig.graph.making.calls[1]).toMatchObject({ method: 'POST', path: body.id, body: { category: 'UTILITY' } });

    rig.graph.making.answer = refusal(2_388_039);
    const locked = await rig.app.call<Problem>(admin, 'PATCH', `/templates/${body.id}`, content());
    expect(locked).toMatchObject({ status: 422, body: { reason: 'status_locked' } });

    await rig.sql(
      `update message_templates set components = components || '[{"type":"CAROUSEL","cards":[{"components":[]}]}]'`,
    );
    const carousel = await rig.app.call<Problem>(admin, 'PATCH', `/templates/${body.id}`, content());
    expect(carousel).toMatchObject({ status: 409, body: { code: 'template.not_editable' } });
    const nobody = await rig.app.call<Problem>(admin, 'PATCH', '/templates/999', content());
    expect(nobody).toMatchObject({ status: 404, body: { code: 'template.not_found' } });
  });

  it('is deleted in its language alone, and goes on standing here when Meta refuses', async () => {
    const { body } = await create();
    rig.graph.making.answer = refusal(2_388_039);
    expect((await rig.app.call<Problem>(admin, 'DELETE', `/templates/${body.id}`)).body.code).toBe('template.refused');
    expect(await listed()).toHaveLength(1);
    rig.graph.making.answer = 'ok';
    expect((await rig.app.call(admin, 'DELETE', `/templates/${body.id}`)).status).toBe(204);
    expect(rig.graph.making.calls.at(-1)).toMatchObject({
      method: 'DELETE',
      path: `${WABA}/message_templates`,
      query: { name: 'order_ready', hsm_id: body.id },
    });
    expect(await listed()).toEqual([]);
    expect((await rig.app.call(admin, 'DELETE', `/templates/${body.id}`)).status).toBe(404);
  });

  it('is gone too when the answer to its deletion is lost', async () => {
    const { body } = await create();
    rig.graph.making.answer = 'reset';
    expect((await rig.app.call(admin, 'DELETE', `/templates/${body.id}`)).status).toBe(204);
    expect(await listed()).toEqual([]);
  });

  it('is the work of admins', async () => {
    const supervisor = await rig.app.given.agent({ role: 'supervisor' });
    for (const agent of [rig.ana, supervisor]) {
      expect((await create({}, agent)).status).toBe(403);
      expect((await rig.app.call(agent, 'PATCH', '/templates/1', content())).status).toBe(403);
      expect((await rig.app.call(agent, 'DELETE', '/templates/1')).status).toBe(403);
    }
    expect(rig.graph.making.calls).toEqual([]);
  });
});

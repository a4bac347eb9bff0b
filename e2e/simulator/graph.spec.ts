import { describe, expect, it, vi } from 'vitest';
import { asJson, asJsonList, asText, type Json } from './core/json.ts';
import type { Simulator } from './simulator.ts';
import {
  ACCESS_TOKEN,
  APP_SECRET,
  type Business,
  BUSINESS_ACCOUNT_ID,
  control,
  givenBusiness,
  graph,
  PHONE_NUMBER_ID,
  send,
  sendText,
  startBusiness,
  VERIFY_TOKEN,
} from './test-support.ts';

const text = { type: 'text', text: { body: 'Hello' } };

describe('the Graph API', () => {
  let business: Business;
  let simulator: Simulator;
  givenBusiness((given) => ({ business, simulator } = given));

  it('accepts a send under any version and answers as documented', async () => {
    const { status, body, headers } = await send(simulator, { ...text, to: '+55 31 99555-0142' });
    expect(status).toBe(200);
    expect(body['contacts']).toEqual([{ input: '+55 31 99555-0142', wa_id: '553195550142' }]);
    expect(asText(asJsonList(body['messages'])[0]?.['id'])).toMatch(/^wamid\.[A-Za-z0-9+/=]+$/);
    expect(headers.get('facebook-api-version')).toBe('v26.0');
    expect(headers.get('x-business-use-case-usage')).toContain(BUSINESS_ACCOUNT_ID);
    const [sent] = asJsonList((await control(simulator, 'GET', 'sent')).body['items']);
    expect(sent).toMatchObject({
      to: '5531995550142',
      customerKey: '553195550142',
      phoneNumberId: PHONE_NUMBER_ID,
      body: text,
    });
  });

  it('wants the right token', async () => {
    const path = `${PHONE_NUMBER_ID}/messages`;
    const without = await graph(simulator, 'POST', path, text, null);
    const wrong = await graph(simulator, 'POST', path, text, 'nonsense');
    expect(without).toMatchObject({ status: 401, body: { error: { code: 104, type: 'OAuthException' } } });
    expect(wrong).toMatchObject({ status: 401, body: { error: { code: 190, type: 'OAuthException' } } });
    expect(wrong.headers.get('www-authenticate')).toContain('invalid_token');
    const unknown = await graph(simulator, 'POST', '1/messages', text);
    expect(unknown).toMatchObject({ status: 400, body: { error: { code: 100, error_subcode: 33 } } });
  });

  const button = (id: string, title: string): Json => ({ type: 'reply', reply: { id, title } });
  const buttons = (...list: Json[]): Json => ({
    type: 'interactive',
    interactive: { type: 'button', body: { text: 'Which?' }, action: { buttons: list } },
  });
  const list = (rows: number, extra: Json = {}): Json => ({
    type: 'interactive',
    interactive: {
      type: 'list',
      body: { text: 'Which?' },
      action: {
        button: 'Choose',
        sections: [{ rows: Array.from({ length: rows }, (_, n) => ({ id: String(n), title: `Row ${String(n)}` })) }],
      },
      ...extra,
    },
  });
  const template = (name: string, parameters?: Json[]): Json => ({
    type: 'template',
    template: {
      name,
      language: { code: 'en_US' },
      ...(parameters ? { components: [{ type: 'body', parameters }] } : {}),
    },
  });

  const filled = (name: string, ...components: Json[]): Json => ({
    type: 'template',
    template: { name, language: { code: 'en_US' }, components },
  });
  const words = (...texts: string[]): Json => ({
    type: 'body',
    parameters: texts.map((value) => ({ type: 'text', text: value })),
  });
  const pressed = (sub_type: string, index: number, parameter: Json): Json => ({
    type: 'button',
    sub_type,
    index: String(index),
    parameters: [parameter],
  });
  const code = (value: string): Json => pressed('url', 0, { type: 'text', text: value });
  const picture: Json = { type: 'header', parameters: [{ type: 'image', image: { link: 'https://l.example/a.png' } }] };
  const offerCode = pressed('copy_code', 0, { type: 'coupon_code', coupon_code: 'BOOKS10' });
  const offerLink = pressed('url', 1, { type: 'text', text: 'a' });
  const ends = (expiration_time_ms: unknown): Json => ({
    type: 'limited_time_offer',
    parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms } }],
  });
  const card = (card_index: number): Json => ({
    card_index,
    components: [picture, words('12 euros'), pressed('url', 1, { type: 'text', text: 'b' })],
  });
  const carousel = (...cards: Json[]): Json => filled('shelf_tour', words('Maren'), { type: 'carousel', cards });

  const product = (product_retailer_id?: string): Json => ({
    type: 'header',
    parameters: [{ type: 'product', product: { catalog_id: '610038847722091', product_retailer_id } }],
  });
  const products = (count: number, over: Json = {}): Json => ({
    product_items: Array.from({ length: count }, (_one, n) => ({ product_retailer_id: `SKU-${String(n)}` })),
    ...over,
  });
  const maps = (...sections: Json[]): Json =>
    filled('map_table', words('Maren'), pressed('mpm', 0, { type: 'action', action: { sections } }));
  const catalogue = (action: Json): Json =>
    filled('whole_shop', words('Maren'), pressed('catalog', 0, { type: 'action', action }));
  const productCards = (...ids: (string | undefined)[]): Json =>
    filled('product_cards', {
      type: 'carousel',
      cards: ids.map((id, card_index) => ({ card_index, components: [product(id)] })),
    });

  it.each<[string, Json]>([
    ['a template of one product', filled('one_atlas', product('LGB-ATLAS-07'), words('Maren'))],
    ['a template of 30 products', maps(products(16, { title: 'Maps' }), products(14, { title: 'Globes' }))],
    ['a carousel of products', productCards('LGB-ATLAS-07', 'LGB-MAP-22')],
    ['a template that asks to call', template('may_we_call')],
    ['a template of the catalogue', catalogue({})],
    ['one with a product on its cover', catalogue({ thumbnail_product_retailer_id: 'LGB-GLOBE-03' })],
    ['an authentication template', filled('sign_in_code', words('739184'), code('739184'))],
    [
      'a limited-time offer',
      filled('weekend_offer', picture, words('Maren'), ends(Date.now() + 60_000), offerCode, offerLink),
    ],
    ['a carousel', carousel(card(0), card(1), card(2))],
    ['an image by link', { type: 'image', image: { link: 'https://lantern.example/a.png', caption: 'Atlas' } }],
    ['a location', { type: 'location', location: { latitude: '50.8', longitude: -1.09 } }],
    ['contacts', { type: 'contacts', contacts: [{ name: { formatted_name: 'Ada Larkin', first_name: 'Ada' } }] }],
    ['buttons', buttons(button('a', 'Today'), button('b', 'Tomorrow'))],
    ['a list', list(10)],
    [
      'a link button',
      {
        type: 'interactive',
        interactive: {
          type: 'cta_url',
          body: { text: 'See' },
          action: { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://x.example' } },
        },
      },
    ],
    [
      'a template',
      template('order_ready', [
        { type: 'text', text: 'Maren' },
        { type: 'text', text: '8841' },
      ]),
    ],
    [
      'a template with named values',
      template('follow_up', [{ type: 'text', parameter_name: 'first_name', text: 'Maren' }]),
    ],
  ])('takes %s', async (_name, fields) => {
    expect((await send(simulator, fields)).status).toBe(200);
  });

  it.each<[string, number, Json]>([
    ['no recipient', 100, { ...text, to: undefined }],
    ['an unknown type', 100, { type: 'poll', poll: {} }],
    ['a misspelt key', 100, { ...text, contxt: {} }],
    ['an empty text', 100, { type: 'text', text: { body: '' } }],
    ['a text too long', 100, { type: 'text', text: { body: 'x'.repeat(4_097) } }],
    ['callback data too long', 100, { ...text, biz_opaque_callback_data: 'x'.repeat(513) }],
    ['a type without its content', 131008, { type: 'image' }],
    ['media by id and by link', 131008, { type: 'image', image: { id: '1', link: 'https://x.example/a' } }],
    ['a bad phone number', 131009, { ...text, to: 'nobody' }],
    ['itself as recipient', 131021, { ...text, to: '+1 202 555 0134' }],
    ['four buttons', 131009, buttons(...['a', 'b', 'c', 'd'].map((id) => button(id, id)))],
    ['the same button twice', 131009, buttons(button('a', 'A'), button('a', 'B'))],
    ['a button title too long', 131009, buttons(button('a', 'x'.repeat(21)))],
    ['eleven rows', 131009, list(11)],
    ['a list with a picture above', 131009, list(1, { header: { type: 'image', image: { id: '1' } } })],
    ['an unknown template', 132001, template('nonsense')],
    ['too few values', 132000, template('order_ready', [{ type: 'text', text: 'Maren' }])],
    ['values of another shape', 132012, template('follow_up', [{ type: 'text', text: 'Maren' }])],
    ['a paused template', 132015, template('spring_offer')],
    ['a rejected template', 132001, template('autumn_sale')],
    [
      'a line break in a value',
      132007,
      template('follow_up', [{ type: 'text', parameter_name: 'first_name', text: 'a\nb' }]),
    ],
    [
      'a picture that is missing',
      132012,
      template('new_arrivals', [
        { type: 'text', parameter_name: 'first_name', text: 'Maren' },
        { type: 'text', parameter_name: 'title', text: 'Atlas' },
      ]),
    ],
    ['a code that stands in the text alone', 131008, filled('sign_in_code', words('739184'))],
    ['a code of 16 characters', 131009, filled('sign_in_code', words('1'.repeat(16)), code('1'.repeat(16)))],
    [
      'a code for a user id',
      131062,
      { to: undefined, recipient: 'US.1204', ...filled('sign_in_code', words('7'), code('7')) },
    ],
    ['an offer without its end', 131008, filled('weekend_offer', picture, words('Maren'), offerCode, offerLink)],
    [
      'an offer that ends in seconds since 1970',
      131009,
      filled('weekend_offer', picture, words('Maren'), ends(Math.floor(Date.now() / 1_000) + 60), offerCode, offerLink),
    ],
    [
      'an end where there is no offer',
      132012,
      filled('order_ready', words('Maren', '8841'), ends(Date.now() + 60_000)),
    ],
    ['a carousel with a card too few', 132012, carousel(card(0), card(1))],
    ['a carousel with the same card twice', 132012, carousel(card(0), card(1), card(1))],
    ['a card without its picture', 132012, carousel(card(0), card(1), { card_index: 2, components: [words('x')] })],
    ['a product template without its product', 132012, filled('one_atlas', words('Maren'))],
    ['a product without its id', 131008, filled('one_atlas', product(), words('Maren'))],
    ['a list of no products', 131008, filled('map_table', words('Maren'))],
    ['a list of 31 products', 131009, maps(products(31))],
    ['eleven sections of products', 131009, maps(...Array.from({ length: 11 }, () => products(1, { title: 'Maps' })))],
    ['two sections of products without titles', 131008, maps(products(1), products(1))],
    ['a title of 25 above products', 131009, maps(products(1, { title: 'x'.repeat(25) }))],
    ['a section without products', 131008, maps(products(0))],
    ['a card without its product', 131008, productCards('LGB-ATLAS-07', undefined)],
    ['a reaction to nothing', 131009, { type: 'reaction', reaction: { message_id: 'nonsense', emoji: '👍' } }],
  ])('refuses %s', async (_name, code, fields) => {
    const answer = await send(simulator, fields);
    expect(asJson(answer.body['error'])).toMatchObject({ code, type: 'OAuthException' });
    expect(asText(asJson(answer.body['error'])['message'])).toContain(`(#${String(code)})`);
    expect((await control(simulator, 'GET', 'sent')).body['items']).toEqual([]);
  });

  it('closes the window 24 hours after the customer’s last message, at once or later', async () => {
    const aDayAgo = Math.floor(Date.now() / 1_000) - 24 * 3_600 - 5;
    const message = { from: '12065550142', timestamp: String(aDayAgo), type: 'text', text: { body: 'Hi' } };
    await control(simulator, 'POST', 'inbound', { messages: [message] });
    const refused = await send(simulator, text);
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 131047 } } });
    expect((await send(simulator, template('hello_world'))).status).toBe(200);

    await control(simulator, 'POST', 'faults', { window: { mode: 'async' } });
    const wamid = await sendText(simulator, 'Hello');
    await vi.waitFor(() => {
      expect(business.statuses(wamid)).toMatchObject([{ status: 'failed', errors: [{ code: 131047 }] }]);
    });

    const reaction = { type: 'reaction', reaction: { message_id: wamid, emoji: '👍' } };
    await control(simulator, 'POST', 'faults', { window: { mode: 'sync' } });
    await control(simulator, 'POST', 'inbound', { messages: [{ from: '12065550142', ...reaction }] });
    expect((await send(simulator, text)).status).toBe(400);
    await control(simulator, 'POST', 'inbound', { messages: [{ from: '12065550142', ...text }] });
    expect((await send(simulator, text)).status).toBe(200);
  });

  it('knows whether to trust windows from before its start', async () => {
    expect((await send(simulator, text)).status).toBe(200);
    await control(simulator, 'POST', 'faults', { unknown: 'refuse' });
    expect((await send(simulator, text)).body).toMatchObject({ error: { code: 131047 } });
  });

  it('limits a pair to a burst of 45, and a number to its throughput', async () => {
    const answers = await Promise.all(Array.from({ length: 46 }, () => send(simulator, text)));
    const codes = answers.map(({ body }) => asJson(body['error'])['code']).filter(Boolean);
    expect(codes).toEqual([131056]);

    await control(simulator, 'POST', 'faults', { limits: { pair: false, messagesPerSecond: 2 } });
    const more = await Promise.all(Array.from({ length: 10 }, () => send(simulator, { ...text, to: '+12065550199' })));
    expect(more.some(({ body }) => asJson(body['error'])['code'] === 130429)).toBe(true);
  });

  it('sends by the level of the number: 20 a second where the phone app is in use too', async () => {
    await control(simulator, 'POST', 'numbers', { id: PHONE_NUMBER_ID, onBusinessApp: true });
    const shown = await graph(simulator, 'GET', `${PHONE_NUMBER_ID}?fields=is_on_biz_app`);
    expect(shown.body).toMatchObject({ is_on_biz_app: true });
    const burst = await Promise.all(
      Array.from({ length: 60 }, (_, n) => send(simulator, { ...text, to: `+1206555${String(1_000 + n)}` })),
    );
    expect(burst.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
    expect(burst.some(({ body }) => asJson(body['error'])['code'] === 130429)).toBe(true);
  });

  it('lets an account write first to as many customers a day as its tier says, or as a control does', async () => {
    const hello = { type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } };
    const open = (to: string) => send(simulator, { ...hello, to });
    const code = async (to: string) => asJson((await open(to)).body['error'])['code'];
    await control(simulator, 'POST', 'faults', { limits: { openings: 1 } });
    await control(simulator, 'POST', 'inbound', { messages: [{ from: '12065550142', ...text }] });
    expect(await code('+12065550151')).toBeUndefined();
    expect(await code('+12065550152')).toBe(131048);
    // The same customer uses nothing more, nor does one who has just written.
    expect(await code('+12065550151')).toBeUndefined();
    expect(await code('+12065550142')).toBeUndefined();
    expect((await send(simulator, { ...text, to: '+12065550152' })).status).toBe(200);

    await control(simulator, 'POST', 'faults', { limits: { openings: null, messagesPerSecond: 0 } });
    await control(simulator, 'POST', 'numbers', { id: PHONE_NUMBER_ID, messagingLimit: 'TIER_50' });
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => open(`+1206556${String(1_000 + n)}`)));
    // One of the fifty is the customer above.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    await control(simulator, 'POST', 'numbers', { id: PHONE_NUMBER_ID, messagingLimit: 'TIER_UNLIMITED' });
    expect((await open('+12065557777')).status).toBe(200);
    const wrong = await control(simulator, 'POST', 'faults', { limits: { openings: -1 } });
    expect(wrong.status).toBe(400);
  });

  it('marks as read with typing, and keeps the receipts', async () => {
    const { body } = await control(simulator, 'POST', 'inbound', { messages: [{ from: '12065550142', ...text }] });
    const [wamid] = body['wamids'] as string[];
    const receipt = { messaging_product: 'whatsapp', status: 'read', message_id: wamid };
    const path = `${PHONE_NUMBER_ID}/messages`;
    expect((await graph(simulator, 'POST', path, receipt)).body).toEqual({ success: true });
    await graph(simulator, 'POST', path, { ...receipt, typing_indicator: { type: 'text' } });
    const unknown = await graph(simulator, 'POST', path, { ...receipt, message_id: 'nonsense' });
    expect(unknown.body).toMatchObject({ error: { code: 131009 } });
    expect((await control(simulator, 'GET', 'receipts')).body['items']).toMatchObject([
      { wamid, typing: false },
      { wamid, typing: true },
    ]);
  });

  it('shows numbers, subscriptions, templates by page, and tokens', async () => {
    const numbers = await graph(
      simulator,
      'GET',
      `${BUSINESS_ACCOUNT_ID}/phone_numbers?fields=id,display_phone_number`,
    );
    expect(numbers.body['data']).toEqual([{ display_phone_number: '+1 202-555-0134', id: PHONE_NUMBER_ID }]);
    const number = await graph(simulator, 'GET', PHONE_NUMBER_ID);
    expect(number.body).toMatchObject({ verified_name: 'Lantern Books', quality_rating: 'GREEN' });

    const first = await graph(simulator, 'GET', `${BUSINESS_ACCOUNT_ID}/message_templates?limit=8`);
    const { after } = asJson(asJson(first.body['paging'])['cursors']);
    const second = await graph(
      simulator,
      'GET',
      `${BUSINESS_ACCOUNT_ID}/message_templates?limit=8&after=${String(after)}`,
    );
    expect([first, second].map(({ body }) => asJsonList(body['data']).length)).toEqual([8, 8]);
    expect([first, second].map(({ body }) => 'next' in asJson(body['paging']))).toEqual([true, false]);

    const token = `debug_token?input_token=${ACCESS_TOKEN}&access_token=1|${APP_SECRET}`;
    expect((await graph(simulator, 'GET', token, undefined, null)).body).toMatchObject({
      data: { is_valid: true, type: 'SYSTEM_USER' },
    });
  });

  it('delivers only to subscribed accounts, and verifies a callback before it takes it', async () => {
    const path = `${BUSINESS_ACCOUNT_ID}/subscribed_apps`;
    await graph(simulator, 'DELETE', path);
    const dropped = await control(simulator, 'POST', 'inbound', { messages: [{ from: '12065550142', ...text }] });
    expect(dropped).toMatchObject({ status: 202, body: { delivered: false } });

    const other = await startBusiness();
    const override = { override_callback_uri: other.url, verify_token: VERIFY_TOKEN };
    const refused = await graph(simulator, 'POST', path, { ...override, verify_token: 'wrong' });
    expect(refused.body).toMatchObject({ error: { code: 2200 } });
    expect((await graph(simulator, 'POST', path, override)).body).toEqual({ success: true });
    expect((await graph(simulator, 'GET', path)).body).toMatchObject({ data: [{ override_callback_uri: other.url }] });
    await control(simulator, 'POST', 'inbound', { messages: [{ from: '12065550142', ...text }] });
    expect([business.messages().length, other.messages().length]).toEqual([0, 1]);
    await other.close();
  });

  describe('faults', () => {
    const fault = (rule: Json): Promise<unknown> => control(simulator, 'POST', 'faults', { sends: [rule] });
    const accepted = async (): Promise<number> =>
      asJsonList((await control(simulator, 'GET', 'sent')).body['items']).length;

    it('answers any Graph error, for as many sends as told', async () => {
      await fault({ fault: { code: 130429 }, count: 2, match: { text: 'Hel' } });
      const codes: unknown[] = [];
      for (let n = 0; n < 3; n += 1) codes.push(asJson((await send(simulator, text)).body['error'])['code']);
      expect(codes).toEqual([130429, 130429, undefined]);
      expect(await accepted()).toBe(1);
    });

    it('fails later on demand', async () => {
      await fault({ fault: { code: 131026, async: true } });
      const wamid = await sendText(simulator, 'Hello');
      await vi.waitFor(() => {
        expect(business.statuses(wamid)).toMatchObject([{ status: 'failed', errors: [{ code: 131026 }] }]);
      });
    });

    it.each([
      ['reset_before', 0],
      ['reset_after', 1],
    ])('cuts the line: %s', async (name, count) => {
      await fault({ fault: name });
      await expect(send(simulator, text)).rejects.toThrow('fetch failed');
      expect(await accepted()).toBe(count);
    });

    it('accepts and never answers', async () => {
      await fault({ fault: 'hang_after_accept' });
      const hanging = fetch(`${simulator.url}/v26.0/${PHONE_NUMBER_ID}/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ACCESS_TOKEN}` },
        body: JSON.stringify({ messaging_product: 'whatsapp', to: '12065550142', ...text }),
        signal: AbortSignal.timeout(300),
      });
      await expect(hanging).rejects.toThrow('timeout');
      expect(await accepted()).toBe(1);
    });

    it('answers with servers’ own errors', async () => {
      await fault({ fault: 'http_500', count: 1 });
      expect(await send(simulator, text)).toMatchObject({ status: 500, body: { error: { code: 131000 } } });
      await fault({ fault: 'http_503_html' });
      await expect(send(simulator, text)).rejects.toThrow('JSON');
    });

    it('refuses faults it does not know', async () => {
      for (const wrong of [{ sends: [{ fault: 'explode' }] }, { webhook: {} }, { statuses: { auto: 'yes' } }]) {
        expect((await control(simulator, 'POST', 'faults', wrong)).status).toBe(400);
      }
    });

    it('forgets everything with DELETE /control/state', async () => {
      await fault({ fault: 'http_500' });
      await sendText(simulator, 'Hello').catch(() => undefined);
      expect((await control(simulator, 'DELETE', 'state')).status).toBe(204);
      expect(await accepted()).toBe(0);
      expect((await send(simulator, text)).status).toBe(200);
    });
  });
});

import { describe, expect, it, vi } from 'vitest';
import { asJson, asJsonList, asText, type Json } from './core/json.ts';
import type { Simulator } from './simulator.ts';
import {
  ACCESS_TOKEN,
  type Business,
  BUSINESS_ACCOUNT_ID,
  control,
  givenBusiness,
  graph,
  send,
} from './test-support.ts';

const LIST = `${BUSINESS_ACCOUNT_ID}/message_templates`;
const APP_ID = '670843887433847';

describe('making templates', () => {
  let business: Business;
  let simulator: Simulator;
  givenBusiness((given) => ({ business, simulator } = given), { behaviour: { templates: { reviewMs: 30 } } });

  const body = (text: string, ...samples: string[]): Json => ({
    type: 'BODY',
    text,
    ...(samples.length > 0 && { example: { body_text: [samples] } }),
  });
  const draft = (components: Json[], over: Json = {}): Json => ({
    name: 'shop_open',
    language: 'en_US',
    category: 'UTILITY',
    components,
    ...over,
  });
  const create = (components: Json[], over: Json = {}) => graph(simulator, 'POST', LIST, draft(components, over));
  const good = [body('Hello {{1}}, the shop is open again.', 'Ada')];
  const told = (count: number) => vi.waitFor(() => expect(business.values()).toHaveLength(count));
  const names = async (): Promise<unknown[]> =>
    asJsonList((await graph(simulator, 'GET', `${LIST}?limit=100`)).body['data']).map((one) => one['name']);

  it('puts a template into review, and tells the verdict by webhook', async () => {
    const made = await create(good);
    expect(made).toMatchObject({ status: 200, body: { status: 'PENDING', category: 'UTILITY' } });
    const id = asText(made.body['id']) ?? '';
    await told(1);
    expect(business.values()).toMatchObject([
      { event: 'APPROVED', message_template_id: Number(id), message_template_name: 'shop_open', reason: 'NONE' },
    ]);
    expect((await graph(simulator, 'GET', id)).body).toMatchObject({ status: 'APPROVED', components: good });
    expect((await create(good)).body).toMatchObject({
      error: { code: 100, error_subcode: 2388024, error_user_msg: expect.stringContaining('already') as string },
    });
  });

  it('rejects when it is told to, and takes an edit then', async () => {
    await control(simulator, 'POST', 'faults', { templates: { reviewMs: 600_000 } });
    const waiting = asText((await create(good, { name: 'waiting' })).body['id']) ?? '';
    const early = await graph(simulator, 'POST', waiting, { components: good });
    expect(early.body).toMatchObject({ error: { error_subcode: 2388039 } });
    await control(simulator, 'POST', 'faults', { templates: { reviewMs: 30, verdict: 'REJECTED', reason: 'SCAM' } });
    const id = asText((await create(good)).body['id']) ?? '';
    await told(1);
    expect(business.values()).toMatchObject([{ event: 'REJECTED', reason: 'SCAM' }]);
    await control(simulator, 'POST', 'faults', { templates: { verdict: 'APPROVED' } });
    const better = [body('Dear {{1}}, the shop is open again.', 'Ada')];
    expect((await graph(simulator, 'POST', id, { components: better })).body).toEqual({ success: true });
    expect((await graph(simulator, 'GET', id)).body).toMatchObject({ components: better });
    await told(2);
    expect(business.values()[1]).toMatchObject({ event: 'APPROVED', reason: 'NONE' });
  });

  it('deletes one language, and keeps the name of an approved one', async () => {
    const id = asText((await create(good)).body['id']) ?? '';
    await create(good, { language: 'es' });
    await told(2);
    const path = `${LIST}?name=shop_open&hsm_id=${id}`;
    expect((await graph(simulator, 'DELETE', path)).body).toEqual({ success: true });
    expect((await names()).filter((name) => name === 'shop_open')).toHaveLength(1);
    expect((await graph(simulator, 'GET', id)).body).toMatchObject({ error: { error_subcode: 33 } });
    expect((await create(good)).body).toMatchObject({ error: { error_subcode: 2388023 } });
  });

  it('words a one-time code itself, and lists its button as a link', async () => {
    const otp = { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy' }] };
    const parts = [
      { type: 'BODY', add_security_recommendation: true },
      { type: 'FOOTER', code_expiration_minutes: 5 },
      otp,
    ];
    const made = await create(parts, { category: 'AUTHENTICATION' });
    const { components } = (await graph(simulator, 'GET', asText(made.body['id']) ?? '')).body;
    expect(components).toMatchObject([
      { text: '*{{1}}* is your verification code. For your security, do not share this code.' },
      { text: 'This code expires in 5 minutes.' },
      { buttons: [{ type: 'URL', text: 'Copy' }] },
    ]);
    const own = await create([body('Your code'), otp], { category: 'AUTHENTICATION', name: 'own' });
    expect(own.status).toBe(400);
  });

  it('takes a sample by a session at the app, and the template that names its handle', async () => {
    const begin = (type: string) =>
      graph(simulator, 'POST', `${APP_ID}/uploads?file_name=a.png&file_length=3&file_type=${encodeURIComponent(type)}`);
    expect((await begin('image/webp')).status).toBe(400);
    const session = asText((await begin('image/png')).body['id']) ?? '';
    expect(session).toMatch(/^upload:[\w-]+\?sig=/);
    const upload = async (bytes: string, offset: string): Promise<Json> => {
      const answer = await fetch(`${simulator.url}/v26.0/${session}`, {
        method: 'POST',
        headers: { authorization: `OAuth ${ACCESS_TOKEN}`, file_offset: offset },
        body: bytes,
      });
      return asJson(await answer.json());
    };
    expect((await upload('abc', '1'))['error']).toBeDefined();
    expect((await upload('abcd', '0'))['error']).toBeDefined();
    const handle = (await upload('abc', '0'))['h'];
    const header = (sample: unknown): Json => ({
      type: 'HEADER',
      format: 'IMAGE',
      example: { header_handle: [sample] },
    });
    expect((await create([header('4::nonsense'), ...good])).status).toBe(400);
    expect((await create([header(handle), ...good])).status).toBe(200);
  });

  const buttons = (...list: Json[]): Json => ({ type: 'BUTTONS', buttons: list });
  const link = { type: 'URL', text: 'See', url: 'https://l.example' };
  const reply = { type: 'QUICK_REPLY', text: 'Keep one' };
  const copy = { type: 'COPY_CODE', example: 'SAVE10' };
  async function newHandle(): Promise<string> {
    const query = 'file_name=a.png&file_length=3&file_type=image%2Fpng';
    const session = asText((await graph(simulator, 'POST', `${APP_ID}/uploads?${query}`)).body['id']) ?? '';
    const answer = await fetch(`${simulator.url}/v26.0/${session}`, {
      method: 'POST',
      headers: { authorization: `OAuth ${ACCESS_TOKEN}`, file_offset: '0' },
      body: 'abc',
    });
    return asText(asJson(await answer.json())['h']) ?? '';
  }
  const card = (
    handle: string,
    parts: Json[] = [body('Rivers for {{1}} euros', '12'), buttons(reply, link)],
  ): Json => ({
    components: [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: [handle] } }, ...parts],
  });
  const carousel = (...cards: Json[]): Json => ({ type: 'CAROUSEL', cards });
  const words = body('Three that you will like:');
  const marketing = { category: 'MARKETING' };

  it('takes a carousel, lists it with addresses in the place of handles, and sends it once it is approved', async () => {
    const handle = await newHandle();
    const made = await create([words, carousel(card(handle), card(handle))], marketing);
    expect(made).toMatchObject({ status: 200, body: { status: 'PENDING', category: 'MARKETING' } });
    const shown = { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://scontent.example/sample'] } };
    expect((await graph(simulator, 'GET', asText(made.body['id']) ?? '')).body['components']).toMatchObject([
      words,
      { type: 'CAROUSEL', cards: [{ components: [shown, {}, {}] }, { components: [shown, {}, {}] }] },
    ]);
    await told(1);
    const filled = (index: number): Json => ({
      card_index: index,
      components: [
        { type: 'header', parameters: [{ type: 'image', image: { link: 'https://l.example/a.png' } }] },
        { type: 'body', parameters: [{ type: 'text', text: '14' }] },
      ],
    });
    const template = (cards: Json[]): Json => ({
      name: 'shop_open',
      language: { code: 'en_US' },
      components: [{ type: 'carousel', cards }],
    });
    const sent = await send(simulator, { type: 'template', template: template([filled(0), filled(1)]) });
    expect(sent.status).toBe(200);
    const less = await send(simulator, { type: 'template', template: template([filled(0)]) });
    expect(less.body).toMatchObject({ error: { code: 132012 } });
  });

  it('refuses a carousel whose cards are not alike, and one with more than words and cards', async () => {
    const handle = await newHandle();
    const good = card(handle);
    const plain = [buttons(reply, link)];
    for (const components of [
      [words, carousel(good)],
      [words, carousel(...Array.from({ length: 11 }, () => good))],
      [words, carousel(good, card(handle, plain))],
      [words, carousel(good, card(handle, [body('Winds now'), buttons(link, reply)]))],
      [words, carousel(card(handle, []), card(handle, []))],
      [words, carousel(...[1, 2].map(() => card(handle, [buttons(copy)])))],
      [words, carousel(...[1, 2].map(() => card(handle, [body('x'.repeat(161)), ...plain])))],
      [words, carousel(card('4::nonsense'), good)],
      [carousel(good, good)],
      [words, buttons(reply), carousel(good, good)],
      [words, { type: 'FOOTER', text: 'Lantern' }, carousel(good, good)],
    ]) {
      expect((await create(components, marketing)).status, JSON.stringify(components)).toBe(400);
    }
    expect((await create([words, carousel(good, good)])).status).toBe(400);
    expect((await create([words, carousel(card(handle, plain), card(handle, plain))], marketing)).status).toBe(200);
  });

  it('takes a limited-time offer as Meta wants it, and nothing else for one', async () => {
    const offer = (text = 'Ends soon!', ends = true): Json => ({
      type: 'LIMITED_TIME_OFFER',
      limited_time_offer: { text, has_expiration: ends },
    });
    const location = { type: 'HEADER', format: 'LOCATION' };
    for (const [components, over] of [
      [[offer(), words, buttons(copy, link)], {}],
      [[offer('x'.repeat(17)), words, buttons(copy, link)], marketing],
      [[offer(), body('x'.repeat(601)), buttons(copy, link)], marketing],
      [[offer(), words, buttons(link, copy)], marketing],
      [[offer(), words, buttons(link)], marketing],
      [[offer(), words, buttons(copy)], marketing],
      [[offer(), words, { type: 'FOOTER', text: 'Lantern' }, buttons(copy, link)], marketing],
      [[location, offer(), words, buttons(copy, link)], marketing],
    ] as const) {
      expect((await create([...components], over)).status, JSON.stringify(components)).toBe(400);
    }
    expect((await create([offer(undefined, false), words, buttons(link)], marketing)).status).toBe(200);
    const made = await create([offer(), words, buttons(copy, link)], { ...marketing, name: 'sale' });
    const id = asText(made.body['id']) ?? '';
    expect((await graph(simulator, 'GET', id)).body['components']).toMatchObject([offer(), words, {}]);
    await told(2);
    const plain = await graph(simulator, 'POST', id, { components: [words, buttons(link)] });
    expect(plain.body).toEqual({ success: true });
    expect(asJsonList((await graph(simulator, 'GET', id)).body['components'])).toHaveLength(2);
  });

  it('takes a code for the apps that are named, and without a tap only once the terms are accepted', async () => {
    const app = { package_name: 'com.lantern.shop', signature_hash: 'K8a/AINcGX7' };
    const otp = (over: Json): Json[] => [
      { type: 'BODY', add_security_recommendation: false },
      buttons({ type: 'OTP', text: 'Copy', autofill_text: 'Fill in', supported_apps: [app], ...over }),
    ];
    const codes = { category: 'AUTHENTICATION' };
    const made = await create(otp({ otp_type: 'ONE_TAP' }), codes);
    const { components } = (await graph(simulator, 'GET', asText(made.body['id']) ?? '')).body;
    const url = asText(asJsonList(asJsonList(components).at(-1)?.['buttons'])[0]?.['url']) ?? '';
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ otp_type: 'ONE_TAP', ...app });
    for (const over of [
      { otp_type: 'TELEPATHY' },
      { otp_type: 'ONE_TAP', supported_apps: [] },
      { otp_type: 'ONE_TAP', supported_apps: [{ ...app, signature_hash: 'short' }] },
      { otp_type: 'ZERO_TAP' },
    ]) {
      expect((await create(otp(over), { ...codes, name: 'wrong' })).status, JSON.stringify(over)).toBe(400);
    }
    const zero = otp({ otp_type: 'ZERO_TAP', zero_tap_terms_accepted: true });
    expect((await create(zero, { ...codes, name: 'zero' })).status).toBe(200);
  });

  it('takes forms, calls, requests for contact details and the catalogue on buttons, and sends them', async () => {
    const flow = { type: 'FLOW', text: 'Book', flow_id: '884100912345', navigate_screen: 'START' };
    const list = [flow, { type: 'VOICE_CALL', text: 'Call now' }, { type: 'REQUEST_CONTACT_INFO' }];
    expect((await create([words, buttons(...list, { type: 'CATALOG', text: 'View catalog' })])).status).toBe(200);
    await told(1);
    const template = { name: 'shop_open', language: { code: 'en_US' } };
    expect((await send(simulator, { type: 'template', template })).status).toBe(200);
    for (const wrong of [
      { ...flow, flow_name: 'two' },
      { type: 'FLOW', text: 'Book' },
      { ...flow, flow_action: 'fly' },
    ]) {
      expect((await create([words, buttons(wrong)], { name: 'wrong' })).status).toBe(400);
    }
  });

  it('takes a request to call, with words alone, and says of it that it is one', async () => {
    const asks = { type: 'CALL_PERMISSION_REQUEST' };
    expect((await create([words, asks, buttons(reply)])).status).toBe(400);
    const made = await create([words, { type: 'call_permission_request' }]);
    const id = asText(made.body['id']) ?? '';
    expect((await graph(simulator, 'GET', id)).body['components']).toEqual([words, asks]);
    await told(1);
    const template = { name: 'shop_open', language: { code: 'en_US' } };
    expect((await send(simulator, { type: 'template', template })).status).toBe(200);
    const { items } = (await control(simulator, 'GET', 'sent')).body;
    expect(items).toMatchObject([{ template: { asksToCall: true } }]);
    expect((await graph(simulator, 'POST', id, { components: [words] })).body).toEqual({ success: true });
    expect((await graph(simulator, 'GET', id)).body['components']).toEqual([words]);
  });

  const above = { type: 'HEADER', format: 'PRODUCT' };
  const heading = { type: 'HEADER', format: 'TEXT', text: 'Maps' };
  const view = { type: 'SPM', text: 'Show it' };
  const items = { type: 'MPM', text: 'View items' };
  const productCard = (...list: Json[]): Json => ({ components: [above, buttons(...list)] });

  it('takes templates of products, and words their buttons itself', async () => {
    const made = await create([above, words, buttons(view)], marketing);
    expect((await graph(simulator, 'GET', asText(made.body['id']) ?? '')).body['components']).toEqual([
      above,
      words,
      buttons({ type: 'SPM', text: 'View' }),
    ]);
    expect((await create([heading, words, buttons(items)], { ...marketing, name: 'maps' })).status).toBe(200);
    const linked = carousel(...Array.from({ length: 10 }, () => productCard(link)));
    expect((await create([words, linked], { ...marketing, name: 'linked' })).status).toBe(200);
    const viewed = carousel(productCard(view), productCard(view));
    expect((await create([words, viewed], { ...marketing, name: 'viewed' })).status).toBe(200);
  });

  it.each<[string, Json[], Json?]>([
    ['one product as a service', [above, words, buttons(view)], {}],
    ['a product without its button', [above, words]],
    ['a product with a link', [above, words, buttons(link)]],
    ['a product with two buttons', [above, words, buttons(view, link)]],
    ['the button of a product without one', [words, buttons(view)]],
    ['several products as a service', [heading, words, buttons(items)], {}],
    ['several products without words above', [words, buttons(items)]],
    ['several products below one', [above, words, buttons(items)]],
    ['several products and a reply', [heading, words, buttons(items, reply)]],
    [
      'words on a card of a product',
      [words, carousel(...[1, 2].map(() => ({ components: [above, words, buttons(view)] })))],
    ],
    ['two buttons on a card of a product', [words, carousel(...[1, 2].map(() => productCard(view, link)))]],
    ['a reply on a card of a product', [words, carousel(...[1, 2].map(() => productCard(reply)))]],
    ['cards of a product with other buttons', [words, carousel(productCard(view), productCard(link))]],
  ])('refuses %s', async (_name, components, over = marketing) => {
    expect((await create(components, over)).status).toBe(400);
  });

  it.each<[string, number | undefined, Json[], Json?]>([
    ['capitals in its name', undefined, good, { name: 'Shop' }],
    ['a language that is none', undefined, good, { language: 'English' }],
    ['a category that is none', undefined, good, { category: 'NEWS' }],
    ['no body', 2388072, []],
    ['a body too long', 2388040, [body('x'.repeat(1_025))]],
    ['a variable at its start', 2388299, [body('{{1}}, hello there', 'a')]],
    ['a variable at its end', 2388299, [body('Hello there {{1}}', 'a')]],
    ['variables side by side', 2388072, [body('Hello {{1}} {{2}} and so on and on', 'a', 'b')]],
    ['more variables than words', 2388293, [body('Hi {{1}}!', 'a')]],
    ['a variable without its sample', undefined, [body('Hello {{1}}, the shop is open.')]],
    ['a header too long', 2388047, [{ type: 'HEADER', format: 'TEXT', text: 'x'.repeat(61) }, ...good]],
    ['a footer too long', 2388073, [...good, { type: 'FOOTER', text: 'x'.repeat(61) }]],
    ['words too long on a button', undefined, [...good, buttons({ type: 'QUICK_REPLY', text: 'x'.repeat(26) })]],
    ['three links', undefined, [...good, buttons(link, link, link)]],
    ['an address without its sample', undefined, [...good, buttons({ ...link, url: 'https://l.example/{{1}}' })]],
  ])('refuses %s', async (_name, subcode, components, over = {}) => {
    const before = await names();
    const { status, body: answer } = await create(components, over);
    expect(status).toBe(400);
    expect(asJson(answer['error'])).toMatchObject({
      code: 100,
      ...(subcode !== undefined && { error_subcode: subcode }),
    });
    expect(await names()).toEqual(before);
  });
});

import { describe, expect, it } from 'vitest';
import { contentOf } from './message-content.js';

describe('an order', () => {
  const order = (items: unknown[], text?: string) =>
    contentOf({ type: 'order', order: { catalog_id: '61', text, product_items: items } });

  it('keeps prices in the digits that were written, and sums without floats', () => {
    const { content, body } = order(
      [
        { product_retailer_id: 'ATLAS', quantity: 1, item_price: 39.9, currency: 'EUR' },
        { product_retailer_id: 'MAP', quantity: '3', item_price: '0.1', currency: 'EUR' },
      ],
      'Gift wrap please',
    );
    expect(content.order).toEqual({
      catalogId: '61',
      lines: [
        { productId: 'ATLAS', quantity: 1, price: '39.9', currency: 'EUR' },
        { productId: 'MAP', quantity: 3, price: '0.1', currency: 'EUR' },
      ],
      total: { amount: '40.2', currency: 'EUR' },
    });
    expect(body).toBe('Gift wrap please');
    expect(content.text).toEqual({ body: 'Gift wrap please' });
  });

  it.each([
    ['a price is missing', [{ quantity: 1, currency: 'EUR' }]],
    ['a quantity is none', [{ quantity: -1, item_price: 1, currency: 'EUR' }]],
    ['a price is no price', [{ quantity: 1, item_price: 1e21, currency: 'EUR' }]],
    [
      'there are two currencies',
      [
        { quantity: 1, item_price: 1, currency: 'EUR' },
        { quantity: 1, item_price: 1, currency: 'USD' },
      ],
    ],
    ['it is empty', []],
  ])('has no total where %s', (_, items) => {
    expect(order(items).content.order?.total).toBeNull();
  });
});

describe('a filled-in form', () => {
  const form = (reply: object) =>
    contentOf({ type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: reply } });

  it('is its answers, without what is the flow’s own', () => {
    const response = {
      flow_token: 'x',
      party_size: 4,
      when: '2026-11-21',
      extras: ['tea', 'cake'],
      ok: true,
      none: null,
    };
    const { content, body } = form({ name: 'flow', body: 'Sent', response_json: JSON.stringify(response) });
    expect(content.form).toEqual({
      name: 'flow',
      answers: [
        { key: 'party_size', value: '4' },
        { key: 'when', value: '2026-11-21' },
        { key: 'extras', value: 'tea, cake' },
        { key: 'ok', value: 'true' },
      ],
      raw: null,
    });
    expect(body).toBe('4, 2026-11-21, tea, cake, true');
  });

  it('names nested answers by their path', () => {
    const response = { values: { name: 'Idris', home: { city: 'Mumbai' } } };
    expect(form({ name: 'address_message', response_json: JSON.stringify(response) }).content.form?.answers).toEqual([
      { key: 'values.name', value: 'Idris' },
      { key: 'values.home.city', value: 'Mumbai' },
    ]);
  });

  it('keeps what cannot be read', () => {
    const { content, body } = form({ name: 'flow', response_json: '{"broken' });
    expect(content.form).toEqual({ name: 'flow', answers: [], raw: '{"broken' });
    expect(body).toBe('{"broken');
  });
});

describe('a contact card', () => {
  const cardOf = (parts: object) =>
    contentOf({ type: 'contacts', contacts: [{ name: { formatted_name: 'Ada' }, ...parts }] }).content.contacts?.[0];

  it('keeps addresses and the birthday', () => {
    const home = { street: '9 Mill Rd', city: 'Seattle', country: 'United States', country_code: 'US', type: 'HOME' };
    expect(cardOf({ birthday: '1987-04-09', addresses: [home, { country_code: 'BR' }] })).toMatchObject({
      birthday: '1987-04-09',
      addresses: [
        { street: '9 Mill Rd', city: 'Seattle', state: null, zip: null, country: 'United States', label: 'HOME' },
        { street: null, country: 'BR', label: null },
      ],
    });
  });

  it.each(['9 April', '1987-02-30', '1987-13-01', 19870409])('makes no birthday of %j', (birthday) => {
    expect(cardOf({ birthday, addresses: [{ type: 'HOME' }, 'Mill Rd'] })).toEqual({
      name: 'Ada',
      organization: null,
      phones: [],
      emails: [],
      urls: [],
    });
  });
});

describe('where a message came from', () => {
  it('is told as far as Meta does, with addresses of pages alone', () => {
    const { content } = contentOf({
      type: 'text',
      text: { body: 'hi' },
      referral: {
        source_type: 'ad',
        headline: 'Chat',
        source_url: 'javascript:alert(1)',
        image_url: 'https://x.example/a',
      },
      context: { referred_product: { catalog_id: '61', product_retailer_id: 'ATLAS' }, frequently_forwarded: true },
    });
    expect(content.referral).toMatchObject({ sourceType: 'ad', headline: 'Chat', sourceUrl: null, clickId: null });
    expect(content.referral?.mediaUrl).toBe('https://x.example/a');
    expect(content.product).toEqual({ catalogId: '61', productId: 'ATLAS' });
    expect(content.frequentlyForwarded).toBe(true);
  });
});

it.each([
  ['no', { response: 'reject' }, { isGiven: false, until: null }],
  ['yes', { response: 'accept' }, { isGiven: true, until: null }],
  [
    'until when',
    { response: 'accept', expiration_timestamp: '1795604800', is_permanent: false },
    { isGiven: true, until: '2026-11-25T11:06:40.000Z' },
  ],
  ['for good', { response: 'accept', is_permanent: true }, { isGiven: true, until: null, isPermanent: true }],
])('an answer about calls says %s', (_what, reply, said) => {
  const message = { type: 'interactive', interactive: { type: 'call_permission_reply', call_permission_reply: reply } };
  expect(contentOf(message).content.callPermission).toEqual(said);
});

it('what Meta keeps back says why', () => {
  const errors = [{ code: 131051, title: 'Message type unknown', error_data: { details: 'Not supported.' } }];
  const { content, rawType } = contentOf({ type: 'unsupported', unsupported: { type: 'poll_creation' }, errors });
  expect(rawType).toBe('poll_creation');
  expect(content.withheld).toEqual({ code: 131051, title: 'Message type unknown', detail: 'Not supported.' });
});

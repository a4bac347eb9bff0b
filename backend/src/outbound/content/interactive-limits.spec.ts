import { describe, expect, it } from 'vitest';

import { ADDRESS_FIELDS, ADDRESS_LIMITS, INTERACTIVE_LIMITS as LIMITS, sendInteractiveSchema } from '@parley/contract';

type Offer = Record<string, unknown>;
const of = (length: number): string => 'x'.repeat(length);
const row = (id: number | string, over: Offer = {}): Offer => ({ id: String(id), title: `Row ${String(id)}`, ...over });
const rows = (count: number, from = 0): Offer[] => Array.from({ length: count }, (_, index) => row(from + index));
const products = (count: number): string[] => Array.from({ length: count }, (_, index) => `SKU-${String(index)}`);

const fullAddress = Object.fromEntries(
  ADDRESS_FIELDS.map((field) => [field, field === 'in_pin_code' ? '400063' : of(ADDRESS_LIMITS.value)]),
);
const address = { ...fullAddress, phone_number: '+91 98765 43210' };

/** Each kind as large as Meta allows; every limit below is one of these with one more. */
const LARGEST: Record<string, Offer> = {
  buttons: {
    body: of(LIMITS.body),
    header: of(LIMITS.header),
    footer: of(LIMITS.footer),
    buttons: ['a', 'b', 'c'].map((id) => ({ id: id.repeat(LIMITS.buttonId), title: id.repeat(LIMITS.buttonTitle) })),
  },
  list: {
    kind: 'list',
    body: of(LIMITS.listBody),
    header: of(LIMITS.header),
    footer: of(LIMITS.footer),
    buttonText: of(LIMITS.buttonText),
    sections: rows(LIMITS.rows).map(({ id }) => ({
      title: of(LIMITS.sectionTitle),
      rows: [
        {
          id: String(id).repeat(LIMITS.rowId),
          title: of(LIMITS.rowTitle),
          description: of(LIMITS.rowDescription),
        },
      ],
    })),
  },
  link: {
    kind: 'link',
    body: of(LIMITS.body),
    header: of(LIMITS.header),
    footer: of(LIMITS.footer),
    buttonText: of(LIMITS.buttonText),
    url: `https://example.org/${of(LIMITS.url - 20)}`,
  },
  location_request: { kind: 'location_request', body: of(LIMITS.body) },
  contact_request: { kind: 'contact_request', body: of(LIMITS.body) },
  address_request: {
    kind: 'address_request',
    body: of(LIMITS.body),
    header: of(LIMITS.header),
    footer: of(LIMITS.footer),
    address: {
      country: 'IN',
      values: address,
      savedAddresses: Array.from({ length: ADDRESS_LIMITS.savedAddresses }, (_, at) => ({
        id: String(at).repeat(256),
        values: address,
      })),
      validationErrors: { in_pin_code: of(ADDRESS_LIMITS.value) },
    },
  },
  call_permission_request: { kind: 'call_permission_request', body: of(LIMITS.body) },
  call_button: {
    kind: 'call_button',
    body: of(LIMITS.body),
    buttonText: of(LIMITS.buttonText),
    ttlMinutes: LIMITS.callTtlMinutes,
  },
  flow: {
    kind: 'flow',
    body: of(LIMITS.body),
    header: of(LIMITS.header),
    footer: of(LIMITS.footer),
    buttonText: of(LIMITS.flowButtonText),
    flow: { id: '77', token: 'ft-1', mode: 'published', action: 'navigate', screen: 'START', data: { seats: 4 } },
  },
  product: {
    kind: 'product',
    body: of(LIMITS.body),
    footer: of(LIMITS.footer),
    catalogId: of(256),
    productId: of(256),
  },
  product_list: {
    kind: 'product_list',
    header: of(LIMITS.header),
    body: of(LIMITS.body),
    footer: of(LIMITS.footer),
    catalogId: '6100',
    productSections: [
      { title: of(LIMITS.sectionTitle), productIds: products(LIMITS.products - 1) },
      { title: 'Last', productIds: ['SKU-last'] },
    ],
  },
  catalog: { kind: 'catalog', body: of(LIMITS.body), footer: of(LIMITS.footer), productId: of(256) },
};

const kind = (name: string, over: Offer = {}): Offer => ({ ...LARGEST[name], ...over });
const asked = (over: Offer): Offer => kind('address_request', { address: { country: 'IN', ...over } });
const paths = (offer: Offer): string[] => {
  const parsed = sendInteractiveSchema.safeParse(offer);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.map(String).join('.'));
};
const sentences = (offer: Offer): string[] =>
  sendInteractiveSchema.safeParse(offer).error?.issues.map(({ message }) => message) ?? [];

describe('what can be offered', () => {
  it.each(Object.keys(LARGEST))('%s: exactly as large as Meta allows', (name) => {
    expect(paths(kind(name))).toEqual([]);
  });

  it('says the kind for buttons too', () => {
    expect(paths(kind('buttons', { kind: 'buttons' }))).toEqual([]);
  });

  it.each<[string, Offer, string]>([
    ['buttons: text', kind('buttons', { body: of(LIMITS.body + 1) }), 'body'],
    ['buttons: heading', kind('buttons', { header: of(LIMITS.header + 1) }), 'header'],
    ['buttons: footer', kind('buttons', { footer: of(LIMITS.footer + 1) }), 'footer'],
    [
      'buttons: a fourth',
      kind('buttons', { buttons: ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id })) }),
      'buttons',
    ],
    ['buttons: none', kind('buttons', { buttons: [] }), 'buttons'],
    ['buttons: id', kind('buttons', { buttons: [{ id: of(LIMITS.buttonId + 1), title: 'A' }] }), 'buttons.0.id'],
    [
      'buttons: title',
      kind('buttons', { buttons: [{ id: 'a', title: of(LIMITS.buttonTitle + 1) }] }),
      'buttons.0.title',
    ],
    ['list: text', kind('list', { body: of(LIMITS.listBody + 1) }), 'body'],
    ['list: button', kind('list', { buttonText: of(LIMITS.buttonText + 1) }), 'buttonText'],
    ['list: an eleventh row', kind('list', { sections: [{ rows: rows(LIMITS.rows + 1) }] }), 'sections'],
    [
      'list: an eleventh row in another section',
      kind('list', {
        sections: [
          { title: 'A', rows: rows(LIMITS.rows) },
          { title: 'B', rows: rows(1, LIMITS.rows) },
        ],
      }),
      'sections',
    ],
    ['list: section title', kind('list', { sections: [{ title: of(25), rows: rows(1) }] }), 'sections.0.title'],
    [
      'list: row id',
      kind('list', { sections: [{ rows: [row(of(LIMITS.rowId + 1), { title: 'A' })] }] }),
      'sections.0.rows.0.id',
    ],
    ['list: row title', kind('list', { sections: [{ rows: [row(1, { title: of(25) })] }] }), 'sections.0.rows.0.title'],
    [
      'list: row description',
      kind('list', { sections: [{ rows: [row(1, { description: of(73) })] }] }),
      'sections.0.rows.0.description',
    ],
    ['link: button', kind('link', { buttonText: of(LIMITS.buttonText + 1) }), 'buttonText'],
    ['link: address', kind('link', { url: `https://example.org/${of(LIMITS.url - 19)}` }), 'url'],
    ['location request: text', kind('location_request', { body: of(LIMITS.body + 1) }), 'body'],
    ['contact request: text', kind('contact_request', { body: of(LIMITS.body + 1) }), 'body'],
    ['address request: text', kind('address_request', { body: of(LIMITS.body + 1) }), 'body'],
    ['address request: PIN code', asked({ values: { in_pin_code: '4000631' } }), 'address.values.in_pin_code'],
    ['address request: city', asked({ values: { city: of(ADDRESS_LIMITS.value + 1) } }), 'address.values.city'],
    [
      'address request: an eleventh saved address',
      asked({ savedAddresses: Array.from({ length: 11 }, (_, at) => ({ id: String(at), values: { city: 'Pune' } })) }),
      'address.savedAddresses',
    ],
    [
      'address request: what was wrong',
      asked({ validationErrors: { state: of(ADDRESS_LIMITS.value + 1) } }),
      'address.validationErrors.state',
    ],
    ['call permission: text', kind('call_permission_request', { body: of(LIMITS.body + 1) }), 'body'],
    ['call button: words', kind('call_button', { buttonText: of(LIMITS.buttonText + 1) }), 'buttonText'],
    ['call button: time', kind('call_button', { ttlMinutes: LIMITS.callTtlMinutes + 1 }), 'ttlMinutes'],
    ['flow: button', kind('flow', { buttonText: of(LIMITS.flowButtonText + 1) }), 'buttonText'],
    ['product list: heading', kind('product_list', { header: of(LIMITS.header + 1) }), 'header'],
    [
      'product list: a thirty-first product',
      kind('product_list', { productSections: [{ productIds: products(LIMITS.products + 1) }] }),
      'productSections',
    ],
    ['catalogue: footer', kind('catalog', { footer: of(LIMITS.footer + 1) }), 'footer'],
  ])('one over is refused · %s', (_what, offer, path) => {
    expect(paths(offer)).toContain(path);
  });

  it('refuses what Meta refuses whatever its size, in a sentence that says why', () => {
    const twice = [
      { id: 'a', title: 'A' },
      { id: 'a ', title: 'B' },
    ];
    expect(sentences(kind('buttons', { buttons: twice }))).toEqual(['two buttons have the same id']);
    expect(sentences(kind('list', { sections: [{ rows: [row(1), row(1)] }] }))).toEqual(['two rows have the same id']);
    expect(sentences(kind('list', { sections: [{ rows: rows(1) }, { title: 'B', rows: rows(1, 1) }] }))).toEqual([
      'each section needs a title when there is more than one',
    ]);
    expect(sentences(kind('list', { body: '  ' }))).toEqual(['the text must not be empty']);
    expect(sentences(kind('flow', { flow: { id: '1', name: 'booking' } }))).toEqual([
      'give the id of the flow or its name, one of the two',
    ]);
    const saved = { id: 'home', values: { city: 'Pune' } };
    expect(sentences(asked({ savedAddresses: [saved, saved] }))).toEqual(['two saved addresses have the same id']);
    expect(sentences(asked({ country: 'SG' }))).toEqual([
      'an address can be asked for in India only: the country must be IN',
    ]);
    expect(sentences(asked({ values: { phone_number: 'the shop' } }))).toEqual(['phone_number must be a phone number']);
    expect(paths(asked({ values: { sg_post_code: '018956' } }))).toHaveLength(1);
  });

  it.each(['http://example.org', 'javascript:alert(1)', 'https://', 'example.org', 'https:example.org'])(
    'sends nobody to %s',
    (url) => expect(paths(kind('link', { url }))).toEqual(['url']),
  );

  it('takes no parts of another kind', () => {
    expect(paths(kind('location_request', { footer: 'x' }))).toEqual(['']);
    expect(paths({ kind: 'poll', body: 'x' })).toEqual(['kind']);
  });
});

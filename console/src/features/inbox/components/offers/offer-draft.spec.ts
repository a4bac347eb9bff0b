import { contactCardSchema, sendInteractiveSchema } from '@parley/contract';
import {
  ADDRESS_LIMITS,
  CARD_LINE_MAX_CHARS,
  INTERACTIVE_LIMITS as LIMITS,
  META_ID_MAX_CHARS,
} from '@parley/contract/limits';
import { describe, expect, it } from 'vitest';
import { emptyAddress, isAskableForAddress } from './address-draft.js';
import { emptyCard } from './card-draft.js';
import {
  contentOf,
  coordinatesOf,
  emptyDraft,
  newButton,
  problemsOf,
  type OfferDraft,
  type OfferKind,
} from './offer-draft.js';

const of = (length: number): string => 'x'.repeat(length);
const draft = (over: Partial<OfferDraft> = {}): OfferDraft => ({ ...emptyDraft(), body: 'Which?', ...over });
const button = (title: string) => ({ ...newButton(), title });
const section = (title: string, ...rows: string[]) => ({
  key: 0,
  title,
  rows: rows.map((words, key) => ({ key, title: words, description: '' })),
});
const products = (title: string, count: number): Partial<OfferDraft> => ({
  productSections: [{ key: 0, title, products: Array.from({ length: count }, (_, n) => `SKU-${n}`).join('\n') }],
});
const asked = (known: Partial<OfferDraft['address']>): Partial<OfferDraft> => ({
  address: { ...emptyAddress().address, ...known },
});
const paths = (kind: OfferKind, over: Partial<OfferDraft> = {}): string[] => [...problemsOf(kind, draft(over)).keys()];

describe('the form of an offer', () => {
  it.each<[string, OfferKind, Partial<OfferDraft>, string]>([
    ['text', 'location_request', { body: of(LIMITS.body + 1) }, 'body'],
    ['text of a list', 'list', { body: of(LIMITS.listBody + 1) }, 'body'],
    ['heading', 'link', { header: of(LIMITS.header + 1) }, 'header'],
    ['footer', 'buttons', { footer: of(LIMITS.footer + 1) }, 'footer'],
    ['button', 'buttons', { buttons: [button(of(LIMITS.buttonTitle + 1))] }, 'buttons.0.title'],
    ['words of the list', 'list', { buttonText: of(LIMITS.buttonText + 1) }, 'buttonText'],
    ['section', 'list', { sections: [section(of(LIMITS.sectionTitle + 1), 'A')] }, 'sections.0.title'],
    ['words of the form', 'flow', { buttonText: of(LIMITS.flowButtonText + 1) }, 'buttonText'],
    ['words of the call', 'call_button', { buttonText: of(LIMITS.buttonText + 1) }, 'buttonText'],
    ['request to call', 'call_permission_request', { body: of(LIMITS.body + 1) }, 'body'],
    ['heading of products', 'product_list', { header: of(LIMITS.header + 1) }, 'header'],
    ['footer of a product', 'product', { footer: of(LIMITS.footer + 1) }, 'footer'],
    ['text of a product', 'product', { body: of(LIMITS.body + 1) }, 'body'],
    ['product', 'product', { productId: of(META_ID_MAX_CHARS + 1) }, 'productId'],
    ['cover', 'catalog', { productId: of(META_ID_MAX_CHARS + 1) }, 'productId'],
    ['catalogue', 'product', { catalogId: of(META_ID_MAX_CHARS + 1) }, 'catalogId'],
    ['form', 'flow', { flow: { form: of(META_ID_MAX_CHARS + 1), screen: '' } }, 'flow.form'],
    ['section of products', 'product_list', products(of(LIMITS.sectionTitle + 1), 1), 'productSections.0.title'],
    ['PIN code', 'address_request', asked({ in_pin_code: '4110012' }), 'address.in_pin_code'],
    ['city', 'address_request', asked({ city: of(ADDRESS_LIMITS.value + 1) }), 'address.city'],
    ['street', 'contacts', { card: { ...emptyCard().card, street: of(CARD_LINE_MAX_CHARS + 1) } }, 'card.street'],
    ['row', 'list', { sections: [section('', of(LIMITS.rowTitle + 1))] }, 'sections.0.rows.0.title'],
  ])('knows that the %s is one character too long', (_what, kind, over, path) => {
    expect(problemsOf(kind, draft(over)).get(path)).toEqual({ key: 'over', n: 1 });
  });

  it('has words or a file above the text, where the kind can have one', () => {
    const file = { id: crypto.randomUUID(), kind: 'image', fileName: 'a.png', mimeType: 'image/png', size: 1 } as const;
    const headerFile = { ...file, width: 1, height: 1, durationMs: null };
    const below = { headerKind: 'image' as const, header: 'Left over', buttons: [button('Yes')] };
    expect(paths('buttons', below)).toEqual(['headerFile']);
    const [chosen, other] = [draft({ ...below, headerFile }), draft({ ...below, headerFile, headerKind: 'text' })];
    expect(contentOf('buttons', chosen).part).toMatchObject({ headerFileId: file.id });
    expect(contentOf('buttons', chosen).part).not.toHaveProperty('header');
    expect(contentOf('buttons', other).part).not.toHaveProperty('headerFileId');
    expect(contentOf('buttons', other).part).toMatchObject({ header: 'Left over' });
    expect(contentOf('list', draft({ ...below, headerFile })).part).toMatchObject({ header: 'Left over' });
  });

  it('is content with exactly as much as Meta takes', () => {
    expect(
      paths('list', {
        body: of(LIMITS.listBody),
        header: of(LIMITS.header),
        footer: of(LIMITS.footer),
        buttonText: of(LIMITS.buttonText),
        sections: [section('', of(LIMITS.rowTitle))],
      }),
    ).toEqual([]);
  });

  it('wants titles once there is more than one section, and no button twice', () => {
    expect(paths('list', { buttonText: 'Open', sections: [section('', 'A'), section('B', 'B')] })).toEqual([
      'sections.0.title',
    ]);
    const buttons = [button('Yes'), button(' Yes ')];
    expect(problemsOf('buttons', draft({ buttons })).get('buttons.1.title')).toEqual({ key: 'same' });
  });

  it.each(['http://example.org', 'example.org', 'https://', 'javascript:alert(1)'])('sends nobody to %s', (url) => {
    expect(problemsOf('link', draft({ buttonText: 'Open', url })).get('url')).toEqual({ key: 'https' });
  });

  it('wants to know which form, which catalogue and which product; words are needed but beside a product', () => {
    const nothing = { body: '' };
    expect(paths('flow', nothing)).toEqual(['body', 'buttonText', 'flow.form']);
    expect(paths('product', nothing)).toEqual(['catalogId', 'productId']);
    expect(paths('product_list', nothing)).toEqual(['body', 'header', 'catalogId', 'productSections.0.products']);
    expect(paths('catalog', nothing)).toEqual(['body']);
    expect(paths('call_button', nothing)).toEqual(['body']);
  });

  it('takes 30 products, and says how many are too many', () => {
    const full = { header: 'New', catalogId: '61', ...products('', LIMITS.products) };
    expect(paths('product_list', full)).toEqual([]);
    const over = draft({ ...full, ...products('', LIMITS.products + 2) });
    expect(problemsOf('product_list', over).get('productSections.0.products')).toEqual({ key: 'products', n: 2 });
  });

  it.each<[OfferKind, Partial<OfferDraft>, object]>([
    [
      'flow',
      { buttonText: 'Book ', flow: { form: ' 8841 ', screen: '' } },
      { kind: 'flow', body: 'Which?', buttonText: 'Book', flow: { id: '8841' } },
    ],
    [
      'flow',
      { buttonText: 'Book', header: 'Tables', flow: { form: 'booking', screen: 'DATE' } },
      {
        kind: 'flow',
        body: 'Which?',
        header: 'Tables',
        buttonText: 'Book',
        flow: { name: 'booking', action: 'navigate', screen: 'DATE' },
      },
    ],
    [
      'product',
      { body: ' ', catalogId: '61', productId: ' SKU-7' },
      { kind: 'product', catalogId: '61', productId: 'SKU-7' },
    ],
    ['catalog', { footer: 'x' }, { kind: 'catalog', body: 'Which?', footer: 'x' }],
    [
      'product_list',
      { header: 'New', catalogId: '61', ...products('', 2) },
      {
        kind: 'product_list',
        header: 'New',
        body: 'Which?',
        catalogId: '61',
        productSections: [{ productIds: ['SKU-0', 'SKU-1'] }],
      },
    ],
    ['call_button', {}, { kind: 'call_button', body: 'Which?' }],
    ['call_button', { callTtl: '60' }, { kind: 'call_button', body: 'Which?', ttlMinutes: 60 }],
    ['call_permission_request', {}, { kind: 'call_permission_request', body: 'Which?' }],
  ])('sends a %s as the server takes it', (kind, over, part) => {
    const sent = contentOf(kind, draft(over)).part;
    expect(sent).toEqual(part);
    expect(sendInteractiveSchema.safeParse(sent).success).toBe(true);
  });

  it('knows where places can be, and what a number for a card is', () => {
    const place = { latitude: '90.1', longitude: '-180', name: '', address: '' };
    expect(paths('location', { place })).toEqual(['place.latitude']);
    expect(paths('location', { place: { ...place, latitude: '38,7' } })).toEqual([]);
    const card = { ...emptyCard().card, name: 'Ada', phone: '206 555', email: 'ada' };
    expect(paths('contacts', { card })).toEqual(['card.phone', 'card.email']);
    expect(paths('contacts', { card: { ...card, phone: '+1 206-555-0119', email: '' } })).toEqual([]);
  });

  it('sends of an address and a birthday on a card what was filled in, as the server takes it', () => {
    const known = { ...emptyCard().card, name: 'Ada', phone: '+1 206-555-0119' };
    const sent = (over: Partial<OfferDraft['card']>) =>
      contentOf('contacts', draft({ card: { ...known, ...over } })).part;
    const full = sent({ street: ' 1 Mill Rd', city: 'Porto', country: ' ', birthday: '1987-04-09' });
    expect(full).toMatchObject([{ addresses: [{ street: '1 Mill Rd', city: 'Porto' }], birthday: '1987-04-09' }]);
    expect(full).not.toHaveProperty('0.addresses.0.country');
    expect(contactCardSchema.array().safeParse(full).success).toBe(true);
    expect(sent({})).not.toHaveProperty('0.addresses');
    expect(sent({})).not.toHaveProperty('0.birthday');
  });

  it.each(['9999-01-01', '19870-04-09'])('takes %s for no birthday, and sends none', (birthday) => {
    const card = { ...emptyCard().card, name: 'Ada', phone: '+1 206-555-0119', birthday };
    expect(problemsOf('contacts', draft({ card })).get('card.birthday')).toEqual({ key: 'birthday' });
    expect(contentOf('contacts', draft({ card })).part).not.toHaveProperty('0.birthday');
  });

  it('takes both numbers of a place as maps copy them', () => {
    expect(coordinatesOf('38.7223, -9.1393')).toEqual({ latitude: '38.7223', longitude: '-9.1393' });
    expect(coordinatesOf('(38 -9)')).toEqual({ latitude: '38', longitude: '-9' });
    expect(coordinatesOf('38,7')).toEqual({ latitude: '38', longitude: '7' });
    expect(coordinatesOf('38.7')).toBeNull();
  });

  it('makes ids of the words, no two alike, and leaves out what is empty', () => {
    const sections = [section('Maps', 'Old Town', 'Old town'), section('', 'Harbour')];
    expect(contentOf('list', draft({ buttonText: ' Open ', header: ' ', sections }))).toEqual({
      type: 'interactive',
      part: {
        kind: 'list',
        body: 'Which?',
        buttonText: 'Open',
        sections: [
          {
            title: 'Maps',
            rows: [
              { id: 'old-town', title: 'Old Town' },
              { id: 'old-town-2', title: 'Old town' },
            ],
          },
          { rows: [{ id: 'harbour', title: 'Harbour' }] },
        ],
      },
      shown: expect.objectContaining({ text: { body: 'Which?' } }) as object,
    });
  });

  it('asks for an address with what is known of it, of numbers in India only', () => {
    const known = asked({ name: ' Asha ', phone_number: '+91 98765 43210' });
    expect(contentOf('address_request', draft({ ...known, footer: 'Lantern Books' })).part).toEqual({
      kind: 'address_request',
      body: 'Which?',
      footer: 'Lantern Books',
      address: { country: 'IN', values: { name: 'Asha', phone_number: '+91 98765 43210' } },
    });
    expect(contentOf('address_request', draft()).part).toMatchObject({ address: { country: 'IN' } });
    expect(
      problemsOf('address_request', draft(asked({ phone_number: 'the shop' }))).get('address.phone_number'),
    ).toEqual({ key: 'phone' });
    expect(['+919876543210', '919876543210', '+12065550142', '91', null].map(isAskableForAddress)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

import type { FilledTemplate, Template } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { prepareTemplate } from './template-sending.js';
import { TemplateInvalidError } from './templates.errors.js';
import { makeTemplate } from './testing/samples.js';

const body = { type: 'BODY', text: 'Hello {{1}}, have a look.' };
const VIEW = { type: 'BUTTONS', buttons: [{ type: 'SPM', text: 'View' }] };
const PRODUCT = { type: 'HEADER', format: 'PRODUCT' };
const words = { name: 'kind', language: 'en_US', body: { 1: 'Ada' } };
const bodyPart = { type: 'body', parameters: [{ type: 'text', text: 'Ada' }] };
const prepared = (of: Template, filled: Partial<FilledTemplate>) =>
  prepareTemplate(of, { ...words, ...filled }, new Date('2026-11-27T12:00:00Z'));
const fieldsOf = (of: Template, filled: Partial<FilledTemplate>): unknown => {
  try {
    return prepared(of, filled);
  } catch (error) {
    if (!(error instanceof TemplateInvalidError)) throw error;
    return error.extra['fields'];
  }
};
const headerPart = (productId: string) => ({
  type: 'header',
  parameters: [{ type: 'product', product: { catalog_id: '6100', product_retailer_id: productId } }],
});

describe('a template of one product', () => {
  const one = makeTemplate([PRODUCT, body, VIEW]);
  const product = { catalogId: '6100', productId: 'SKU-7' };

  it('names the product above its text; its button needs nothing', () => {
    const { components, face } = prepared(one, { header: { product } });
    expect(components).toEqual([headerPart('SKU-7'), bodyPart]);
    expect(face).toMatchObject({
      header: { format: 'product', text: null },
      body: 'Hello Ada, have a look.',
      buttons: [],
      interactive: { kind: 'product', ...product, buttonText: 'View' },
    });
  });

  it('is refused without it, and another template with it', () => {
    expect(fieldsOf(one, {})).toEqual([
      { path: 'template.header.product.catalogId', message: 'must be filled in' },
      { path: 'template.header.product.productId', message: 'must be filled in' },
    ]);
    expect(fieldsOf(makeTemplate([body]), { header: { product } })).toEqual([
      { path: 'template.header.product', message: 'is not a part of this template' },
    ]);
  });
});

describe('a template of several products', () => {
  const several = makeTemplate([body, { type: 'BUTTONS', buttons: [{ type: 'MPM', text: 'View items' }] }]);
  const sections = [
    { title: 'Maps', productIds: ['SKU-1', 'SKU-2'] },
    { title: 'Globes', productIds: ['SKU-3'] },
  ];
  const action = (cover: string) => ({
    type: 'button',
    sub_type: 'mpm',
    index: '0',
    parameters: [
      {
        type: 'action',
        action: {
          thumbnail_product_retailer_id: cover,
          sections: [
            {
              title: 'Maps',
              product_items: [{ product_retailer_id: 'SKU-1' }, { product_retailer_id: 'SKU-2' }],
            },
            { title: 'Globes', product_items: [{ product_retailer_id: 'SKU-3' }] },
          ],
        },
      },
    ],
  });

  it('brings them in their sections, below the picture of the first or of the one that was chosen', () => {
    const { components, face } = prepared(several, { products: { sections } });
    expect(components).toEqual([bodyPart, action('SKU-1')]);
    expect(face.interactive).toMatchObject({
      kind: 'product_list',
      buttonText: 'View items',
      productSections: sections,
    });
    expect(prepared(several, { products: { sections, coverId: 'SKU-3' } }).components[1]).toEqual(action('SKU-3'));
  });

  it.each<[string, FilledTemplate['products'], string, string]>([
    ['none', undefined, 'products', 'must be filled in'],
    [
      '31 of them',
      { sections: [{ productIds: Array.from({ length: 31 }, (_one, index) => `SKU-${index}`) }] },
      'products',
      'has 1 product more than the 30 that a message may have',
    ],
    [
      'twelve sections',
      { sections: Array.from({ length: 12 }, () => ({ title: 'Maps', productIds: ['SKU-1'] })) },
      'products.sections',
      'has 2 sections more than the 10 that a message may have',
    ],
  ])('is refused with %s, and says so', (_name, products, path, message) => {
    expect(fieldsOf(several, products ? { products } : {})).toEqual([{ path: `template.${path}`, message }]);
  });
});

describe('a template of the catalogue', () => {
  const whole = makeTemplate([body, { type: 'BUTTONS', buttons: [{ type: 'CATALOG', text: 'View catalog' }] }]);
  const button = (action: object) => ({
    type: 'button',
    sub_type: 'catalog',
    index: '0',
    parameters: [{ type: 'action', action }],
  });

  it('shows the product that was chosen for its cover, or leaves it to WhatsApp', () => {
    const covered = prepared(whole, { catalog: { coverId: 'SKU-3' } });
    expect(covered.components).toEqual([bodyPart, button({ thumbnail_product_retailer_id: 'SKU-3' })]);
    expect(covered.face).toMatchObject({
      buttons: [],
      interactive: { kind: 'catalog', buttonText: 'View catalog', productId: 'SKU-3' },
    });
    const plain = prepared(whole, {});
    expect(plain.components).toEqual([bodyPart, button({})]);
    expect(plain.face.interactive).not.toHaveProperty('productId');
  });

  it('is refused with a cover that names nothing or too much, and another template with one', () => {
    expect(fieldsOf(whole, { catalog: { coverId: ' ' } })).toEqual([
      { path: 'template.catalog.coverId', message: 'must be filled in' },
    ]);
    expect(fieldsOf(whole, { catalog: { coverId: 'x'.repeat(257) } })).toEqual([
      { path: 'template.catalog.coverId', message: 'is 1 character too long' },
    ]);
    expect(fieldsOf(makeTemplate([body]), { catalog: { coverId: 'SKU-3' } })).toEqual([
      { path: 'template.catalog', message: 'is not a part of this template' },
    ]);
  });
});

describe('a carousel of products', () => {
  const card = (button: object) => ({ components: [PRODUCT, { type: 'BUTTONS', buttons: [button] }] });
  const viewed = makeTemplate([
    body,
    { type: 'CAROUSEL', cards: [1, 2].map(() => card({ type: 'SPM', text: 'View' })) },
  ]);
  const linked = makeTemplate([
    body,
    { type: 'CAROUSEL', cards: [1, 2].map(() => card({ type: 'URL', text: 'Buy', url: 'https://l.example/{{1}}' })) },
  ]);
  const cards = ['SKU-1', 'SKU-2'].map((productId) => ({ product: { catalogId: '6100', productId } }));

  it('names the product of each card, and what its link ends with', () => {
    const { components, face, cardFiles } = prepared(viewed, { cards });
    expect(components[1]).toEqual({
      type: 'carousel',
      cards: ['SKU-1', 'SKU-2'].map((id, index) => ({ card_index: index, components: [headerPart(id)] })),
    });
    expect(cardFiles).toEqual([]);
    expect(face.cards).toMatchObject([
      { format: 'product', fileId: null, productId: 'SKU-1', body: null, buttons: [{ type: 'product', text: 'View' }] },
      { productId: 'SKU-2' },
    ]);
    const filled = cards.map((one, index) => ({ ...one, buttons: [{ index: 0, value: `b${index}` }] }));
    expect(prepared(linked, { cards: filled }).components[1]).toMatchObject({
      cards: [{ components: [headerPart('SKU-1'), { sub_type: 'url', parameters: [{ text: 'b0' }] }] }, {}],
    });
  });

  it('is refused where a card has none, or a file', () => {
    const fileId = '01990000-0000-7000-8000-000000000001';
    expect(fieldsOf(viewed, { cards: [cards[0]!, { fileId }] })).toEqual([
      { path: 'template.cards.1.fileId', message: 'is not a part of this template' },
      { path: 'template.cards.1.product.catalogId', message: 'must be filled in' },
      { path: 'template.cards.1.product.productId', message: 'must be filled in' },
    ]);
  });
});

describe('a template that asks to call', () => {
  it('needs nothing but its words, and says so in the thread', () => {
    const { components, face } = prepared(makeTemplate([body, { type: 'call_permission_request' }]), {});
    expect(components).toEqual([bodyPart]);
    expect(face.interactive).toMatchObject({ kind: 'call_permission_request' });
  });
});

import type { Template } from '@parley/contract';
import { templateFaults } from '@parley/contract/template-text';
import { describe, expect, it } from 'vitest';
import { productProblems } from './product-problems.js';
import { fillingOf, newForm } from './template-form.js';

const known = {
  'contact.name': 'Maren Okafor',
  'contact.first_name': 'Maren',
  'contact.phone': '+12065550142',
  'agent.name': 'Ana Souza',
};
const variables = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => ({ name, example: null }));
const template = (text: string, over: Partial<Template> = {}): Template => ({
  id: '1',
  businessAccountId: 'w',
  name: 'pickup_ready',
  language: 'en_US',
  category: 'utility',
  upcomingCategory: null,
  status: 'approved',
  statusReason: null,
  statusDetail: null,
  quality: 'green',
  parameterFormat: 'positional',
  header: null,
  body: { text, variables: variables(text) },
  footer: null,
  buttons: [],
  offer: null,
  cards: [],
  callPermissionRequest: false,
  code: null,
  hasUnknownParts: false,
  blockedBy: null,
  updatedAt: '2026-11-26T12:00:00.000Z',
  ...over,
});

describe('a template to be filled in', () => {
  it.each([
    ['Hello {{1}}, your order {{2}} is ready.', { 1: 'Maren', 2: '' }],
    ['Olá {{1}}, seu pedido {{2}} está pronto.', { 1: 'Maren', 2: '' }],
    ['*Hola {{1}}*: {{2}}', { 1: 'Maren', 2: '' }],
    ['Your order {{1}} is ready.', { 1: '' }],
    [
      '{{customer_name}} / {{first_name}} / {{phone}} / {{agent_name}} / {{title}}',
      {
        customer_name: 'Maren Okafor',
        first_name: 'Maren',
        phone: '+12065550142',
        agent_name: 'Ana Souza',
        title: '',
      },
    ],
  ])('knows the customer in: %s', (text, expected) => {
    expect(newForm(template(text), known).body).toEqual(expected);
  });

  it('greets nobody by a number where the name is not known', () => {
    expect(newForm(template('Hello {{1}}'), { ...known, 'contact.first_name': null }).body).toEqual({ 1: '' });
  });

  it('sends what was filled in and counts blanks as missing', () => {
    const two = template('Hello {{1}}, {{2}}');
    const form = newForm(two, known);
    form.body['2'] = '  ';
    expect(fillingOf(two, form).body).toEqual({ 1: 'Maren' });
    expect(templateFaults(two, fillingOf(two, form), 0)).toEqual([{ path: 'body.2', problem: 'missing' }]);
    form.body['2'] = ' 8841 ';
    expect(fillingOf(two, form)).toEqual({
      name: 'pickup_ready',
      language: 'en_US',
      body: { 1: 'Maren', 2: '8841' },
      buttons: [],
    });
  });

  it.each([
    ['50.8', '-1,09', { latitude: 50.8, longitude: -1.09 }],
    ['91', '0', undefined],
    ['', '', undefined],
    ['north', '0', undefined],
  ])('takes %s, %s for a place only if it is one', (latitude, longitude, expected) => {
    const place = template('Here', { header: { format: 'location', text: null, variable: null } });
    const form = newForm(place, known);
    Object.assign(form.place, { latitude, longitude });
    expect(fillingOf(place, form).header?.location).toEqual(expected);
  });

  it('puts what is known into braces, else what stands behind the bar, and counts neither as missing', () => {
    const shop = template('Hi {{1}}, {{2}} from {{3}}');
    const form = newForm(shop, { ...known, 'contact.first_name': null });
    form.body = { 1: '{{contact.first_name|there}}', 2: '{{ agent.name | we }}', 3: '{{contact.town}}' };
    const filling = fillingOf(shop, form, { ...known, 'contact.first_name': null });
    expect(filling.body).toEqual({ 1: 'there', 2: 'Ana Souza' });
    expect(templateFaults(shop, filling, 0)).toEqual([{ path: 'body.3', problem: 'missing' }]);
  });

  it('greets nobody with a one-time code', () => {
    const otp = { type: 'otp', text: 'Copy code', url: null, phoneNumber: null, variable: null } as const;
    expect(newForm(template('Hello {{1}}', { buttons: [otp] }), known).body).toEqual({ 1: '' });
  });

  it('fills in every card of a carousel by itself, and counts what is missing in each', () => {
    const link = { type: 'url', text: 'Look', url: 'https://l.example/{{1}}', phoneNumber: null } as const;
    const card = (text: string) => ({
      format: 'image' as const,
      body: { text, variables: variables(text) },
      buttons: [{ ...link, variable: { name: '1', example: null } }],
    });
    const carousel = template('New for you', { cards: [card('{{1}}'), card('Also {{title}}')] });
    const form = newForm(carousel, known);
    expect(form.cards).toEqual([
      { fileId: null, productId: '', body: { 1: '' }, buttons: { 0: '' } },
      { fileId: null, productId: '', body: { title: '' }, buttons: { 0: '' } },
    ]);
    Object.assign(form.cards[0]!, { fileId: 'f', body: { 1: ' Atlas ' }, buttons: { 0: 'a' } });
    expect(fillingOf(carousel, form).cards).toEqual([
      { fileId: 'f', body: { 1: 'Atlas' }, buttons: [{ index: 0, value: 'a' }] },
      { body: {}, buttons: [] },
    ]);
    expect(templateFaults(carousel, fillingOf(carousel, form), 0).map(({ path }) => path)).toEqual([
      'cards.1.fileId',
      'cards.1.body.title',
      'cards.1.buttons.0',
    ]);
  });

  it('takes the end of an offer by the clock of who writes', () => {
    const offer = template('Ten per cent off', { offer: { text: 'Ends soon', hasExpiration: true } });
    const form = newForm(offer, known);
    expect(fillingOf(offer, form).offer).toBeUndefined();
    form.offerEnds = '2026-11-28T09:30';
    const expiresAt = new Date(2026, 10, 28, 9, 30).toISOString();
    expect(fillingOf(offer, form).offer).toEqual({ expiresAt });
    expect(templateFaults(offer, fillingOf(offer, form), Date.parse(expiresAt))).toEqual([
      { path: 'offer.expiresAt', problem: 'past' },
    ]);
  });

  const button = (type: 'product' | 'product_list') => ({
    type,
    text: 'View',
    url: null,
    phoneNumber: null,
    variable: null,
  });

  it('names the product above the text and on each card, all of one catalogue', () => {
    const product = { format: 'product', text: null, variable: null } as const;
    const one = template('Have a look', { header: product, buttons: [button('product')] });
    const form = newForm(one, known);
    expect(templateFaults(one, fillingOf(one, form), 0).map(({ path }) => path)).toEqual([
      'header.product.catalogId',
      'header.product.productId',
    ]);
    Object.assign(form, { catalogId: ' 6100 ', productId: ' SKU-7' });
    expect(fillingOf(one, form).header).toEqual({ product: { catalogId: '6100', productId: 'SKU-7' } });
    const card = { format: 'product' as const, body: null, buttons: [button('product')] };
    const shelf = template('Two', { cards: [card, card] });
    const filled = newForm(shelf, known);
    filled.catalogId = '6100';
    filled.cards[0]!.productId = 'SKU-1';
    expect(fillingOf(shelf, filled).cards).toMatchObject([
      { product: { catalogId: '6100', productId: 'SKU-1' } },
      { product: { catalogId: '6100', productId: '' } },
    ]);
    const problems = productProblems(templateFaults(shelf, fillingOf(shelf, filled), 0), 1);
    expect([...problems]).toEqual([['cards.1.product.productId', { key: 'empty' }]]);
  });

  it('lists products in sections, and says beside the last of them that there are too many', () => {
    const several = template('Have a look', { buttons: [button('product_list')] });
    const form = newForm(several, known);
    const problems = () =>
      Object.fromEntries(
        productProblems(templateFaults(several, fillingOf(several, form), 0), form.productSections.length),
      );
    expect(problems()).toEqual({ 'productSections.0.products': { key: 'empty' } });
    const lines = (count: number) => Array.from({ length: count }, (_one, index) => `SKU-${index}`).join('\n');
    form.productSections = [
      { key: 1, title: ' Maps ', products: lines(20) },
      { key: 2, title: '', products: lines(12) },
    ];
    expect(problems()).toEqual({
      'productSections.1.title': { key: 'empty' },
      'productSections.1.products': { key: 'products', n: 2 },
    });
    form.productSections[1] = { key: 2, title: 'x'.repeat(25), products: ' SKU-9 \n\n' };
    expect(problems()).toEqual({ 'productSections.1.title': { key: 'over', n: 1 } });
    form.productSections[1].title = 'Globes';
    expect(problems()).toEqual({});
    expect(fillingOf(several, form).products).toMatchObject({
      sections: [{ title: 'Maps' }, { title: 'Globes', productIds: ['SKU-9'] }],
    });
    form.productId = 'SKU-9';
    expect(fillingOf(several, form).products?.coverId).toBe('SKU-9');
  });
});

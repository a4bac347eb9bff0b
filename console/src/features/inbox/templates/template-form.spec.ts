import type { Template } from '@parley/contract';
import { templateFaults } from '@parley/contract/template-text';
import { describe, expect, it } from 'vitest';
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
      { fileId: null, body: { 1: '' }, buttons: { 0: '' } },
      { fileId: null, body: { title: '' }, buttons: { 0: '' } },
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
});

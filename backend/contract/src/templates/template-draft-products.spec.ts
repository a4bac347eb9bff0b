import { describe, expect, it } from 'vitest';
import { templateDraftFaults } from './template-draft-faults.js';
import type { TemplateDraft } from './template-draft.js';
import { makeDraft } from './testing/drafts.js';

type Card = TemplateDraft['cards'][number];

const VIEW = { type: 'product' } as const;
const LIST = { type: 'product_list' } as const;
const link = { type: 'url', text: 'Buy', url: 'https://l.example/{{1}}', sample: 'b' } as const;
const reply = { type: 'quick_reply', text: 'Keep one' } as const;
const FILE = '01990000-0000-7000-8000-000000000001';

const marketing = (over: Partial<TemplateDraft>) => makeDraft({ category: 'marketing', ...over });
const one = (over: Partial<TemplateDraft> = {}) =>
  marketing({ header: { format: 'product' }, buttons: [VIEW], ...over });
const several = (over: Partial<TemplateDraft> = {}) =>
  marketing({ header: { format: 'text', text: 'Maps' }, buttons: [LIST], ...over });
const card = (over: Partial<Card> = {}): Card => ({
  header: { format: 'product' },
  body: null,
  buttons: [VIEW],
  ...over,
});
const carousel = (cards: Card[], over: Partial<TemplateDraft> = {}) => marketing({ cards, ...over });
const asking = (over: Partial<TemplateDraft> = {}) => makeDraft({ callPermissionRequest: true, ...over });

describe('a template that shows products, while it is written', () => {
  it.each<[string, TemplateDraft]>([
    ['one product', one()],
    ['one product and small print', one({ footer: 'Lantern' })],
    ['several products below words', several()],
    [
      'a variable in the words above several',
      several({ header: { format: 'text', text: 'For {{1}}', samples: { 1: 'Ada' } } }),
    ],
    ['two cards of products', carousel([card(), card()])],
    ['ten cards of products', carousel(Array.from({ length: 10 }, () => card()))],
    ['a link on each card', carousel([card({ buttons: [link] }), card({ buttons: [link] })])],
  ])('may be submitted with %s', (_name, of) => {
    expect(templateDraftFaults(of)).toEqual([]);
  });

  it.each<[string, TemplateDraft, string, string]>([
    ['another category', one({ category: 'utility' }), 'category', 'not_here'],
    ['no product above the text', one({ header: null }), 'header', 'missing'],
    ['words in the place of the product', one({ header: { format: 'text', text: 'Maps' } }), 'header', 'not_here'],
    ['no button', one({ buttons: [] }), 'buttons', 'product_buttons'],
    ['a link beside its button', one({ buttons: [VIEW, link] }), 'buttons', 'product_buttons'],
    ['both kinds of buttons', one({ buttons: [VIEW, LIST] }), 'buttons', 'product_buttons'],
    ['its button twice', one({ buttons: [VIEW, VIEW] }), 'buttons', 'too_many'],
    ['several products as something else than marketing', several({ category: 'utility' }), 'category', 'not_here'],
    ['no words above several products', several({ header: null }), 'header.text', 'missing'],
    ['a picture above several products', several({ header: { format: 'image', fileId: FILE } }), 'header', 'not_here'],
    ['a reply beside the button of several', several({ buttons: [LIST, reply] }), 'buttons', 'product_buttons'],
    ['an offer', one({ offer: { text: 'Ends soon', hasExpiration: false } }), 'buttons', 'offer_buttons'],
    ['cards beside the product', one({ cards: [card(), card()] }), 'header', 'not_here'],
    [
      'words on a card',
      carousel([card({ body: { text: 'x', samples: {} } }), card()]),
      'cards.0.body.text',
      'not_here',
    ],
    [
      'two buttons on a card',
      carousel([1, 2].map(() => card({ buttons: [VIEW, link] }))),
      'cards.0.buttons',
      'too_many',
    ],
    ['a reply on a card', carousel([1, 2].map(() => card({ buttons: [reply] }))), 'cards.0.buttons', 'not_here'],
    [
      'the button of a product below a picture',
      carousel([1, 2].map(() => card({ header: { format: 'image', fileId: FILE } }))),
      'cards.0.buttons',
      'not_here',
    ],
    [
      'a product and a picture on its cards',
      carousel([card({ buttons: [link] }), card({ header: { format: 'image', fileId: FILE }, buttons: [link] })]),
      'cards.1',
      'shape',
    ],
    ['eleven cards', carousel(Array.from({ length: 11 }, () => card())), 'cards', 'too_many'],
  ])('is not taken with %s', (_name, of, path, problem) => {
    expect(templateDraftFaults(of)).toContainEqual(expect.objectContaining({ path, problem }));
  });
});

describe('a template that asks to call, while it is written', () => {
  it.each<[string, TemplateDraft]>([
    ['as a service', asking()],
    [
      'as marketing, with words above and small print',
      asking({ category: 'marketing', header: { format: 'text', text: 'A call' }, footer: 'Lantern' }),
    ],
  ])('may be submitted %s', (_name, of) => {
    expect(templateDraftFaults(of)).toEqual([]);
  });

  it.each<[string, TemplateDraft, string]>([
    ['buttons', asking({ buttons: [reply] }), 'buttons'],
    ['cards', asking({ category: 'marketing', cards: [card(), card()] }), 'cards'],
    ['an offer', asking({ category: 'marketing', offer: { text: 'Soon', hasExpiration: false } }), 'offer'],
  ])('is not taken with %s', (_name, of, path) => {
    expect(templateDraftFaults(of)).toContainEqual({ path, problem: 'not_here' });
  });
});

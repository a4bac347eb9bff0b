import { describe, expect, it } from 'vitest';
import type { TemplateDraft } from './template-draft.js';
import { templateDraftFaults } from './template-draft-faults.js';
import { makeCodeDraft, makeDraft } from './testing/drafts.js';

type Card = TemplateDraft['cards'][number];

const FILE = '01990000-0000-7000-8000-000000000001';
const reply = { type: 'quick_reply', text: 'Keep one' } as const;
const link = { type: 'url', text: 'Look inside', url: 'https://l.example/{{1}}', sample: 'b' } as const;
const copy = { type: 'copy_code', sample: 'SAVE10' } as const;

const draft = (over: Partial<TemplateDraft> = {}) =>
  makeDraft({ category: 'marketing', body: { text: 'Three that you will like:', samples: {} }, ...over });
const card = (over: Partial<Card> = {}): Card => ({
  header: { format: 'image', fileId: FILE },
  body: { text: 'For {{1}} euros now', samples: { 1: '12' } },
  buttons: [reply, link],
  ...over,
});
const carousel = (cards: Card[] = [card(), card()], over: Partial<TemplateDraft> = {}) => draft({ cards, ...over });
const offer = (over: Partial<TemplateDraft> = {}, hasExpiration = true) =>
  draft({ offer: { text: 'Ends soon!', hasExpiration }, buttons: [copy, link], ...over });

describe('a carousel that is written', () => {
  it.each<[string, TemplateDraft]>([
    ['two cards', carousel()],
    ['ten cards', carousel(Array.from({ length: 10 }, () => card()))],
    ['films', carousel([1, 2].map(() => card({ header: { format: 'video', fileId: FILE } })))],
    ['cards without words', carousel([card({ body: null }), card({ body: null })])],
    ['one button on each', carousel([card({ buttons: [link] }), card({ buttons: [link] })])],
    ['words as long as the limit', carousel([card({ body: { text: 'x'.repeat(160), samples: {} } }), card()])],
  ])('may be submitted with %s', (_name, of) => {
    expect(templateDraftFaults(of)).toEqual([]);
  });

  it.each<[string, TemplateDraft, string, string]>([
    ['one card', carousel([card()]), 'cards', 'too_few'],
    ['eleven cards', carousel(Array.from({ length: 11 }, () => card())), 'cards', 'too_many'],
    ['another category', carousel(undefined, { category: 'utility' }), 'cards', 'not_here'],
    ['a header', carousel(undefined, { header: { format: 'location' } }), 'header', 'not_here'],
    ['a footer', carousel(undefined, { footer: 'Lantern' }), 'footer', 'not_here'],
    ['buttons of its own', carousel(undefined, { buttons: [reply] }), 'buttons', 'not_here'],
    ['an offer', offer({ cards: [card(), card()] }), 'offer', 'not_here'],
    [
      'a picture and a film',
      carousel([card(), card({ header: { format: 'video', fileId: FILE } })]),
      'cards.1',
      'shape',
    ],
    ['other buttons on a card', carousel([card(), card({ buttons: [link, reply] })]), 'cards.1', 'shape'],
    ['no sample', carousel([card({ header: { format: 'image' } }), card()]), 'cards.0.header.fileId', 'missing'],
    ['words on one card alone', carousel([card(), card({ body: null })]), 'cards.1.body.text', 'missing'],
    [
      'words of 161',
      carousel([card({ body: { text: 'x'.repeat(161), samples: {} } }), card()]),
      'cards.0.body.text',
      'too_long',
    ],
    [
      'a variable without its sample',
      carousel([card(), card({ body: { text: 'For {{1}} euros', samples: {} } })]),
      'cards.1.body.samples.1',
      'missing',
    ],
    ['no button', carousel([card({ buttons: [] }), card({ buttons: [] })]), 'cards.0.buttons', 'missing'],
    [
      'three buttons',
      carousel([1, 2].map(() => card({ buttons: [reply, reply, reply] }))),
      'cards.0.buttons',
      'too_many',
    ],
    ['a code to copy', carousel([1, 2].map(() => card({ buttons: [copy] }))), 'cards.0.buttons', 'not_here'],
    [
      'an address that is none',
      carousel([1, 2].map(() => card({ buttons: [{ ...link, url: 'shop' }] }))),
      'cards.0.buttons.0.url',
      'url',
    ],
  ])('is not taken with %s', (_name, of, path, problem) => {
    expect(templateDraftFaults(of)).toContainEqual(expect.objectContaining({ path, problem }));
  });
});

describe('a limited-time offer that is written', () => {
  it.each<[string, TemplateDraft]>([
    ['a code and a link', offer()],
    ['a picture', offer({ header: { format: 'image', fileId: FILE } })],
    ['a link alone where it does not end', offer({ buttons: [link] }, false)],
    ['words as long as the limit', offer({ body: { text: 'x'.repeat(600), samples: {} } })],
  ])('may be submitted with %s', (_name, of) => {
    expect(templateDraftFaults(of)).toEqual([]);
  });

  it.each<[string, TemplateDraft, string, string]>([
    ['another category', offer({ category: 'utility' }), 'offer', 'not_here'],
    ['no heading', offer({ offer: { text: ' ', hasExpiration: true } }), 'offer.text', 'missing'],
    ['a heading of 17', offer({ offer: { text: 'x'.repeat(17), hasExpiration: true } }), 'offer.text', 'too_long'],
    [
      'a variable in the heading',
      offer({ offer: { text: 'Hi {{1}}', hasExpiration: true } }),
      'offer.text',
      'variable',
    ],
    ['words of 601', offer({ body: { text: 'x'.repeat(601), samples: {} } }), 'body.text', 'too_long'],
    ['words above', offer({ header: { format: 'text', text: 'Sale' } }), 'header', 'not_here'],
    ['a footer', offer({ footer: 'Lantern' }), 'footer', 'not_here'],
    ['no link', offer({ buttons: [copy] }), 'buttons', 'offer_buttons'],
    ['no code though it ends', offer({ buttons: [link] }), 'buttons', 'offer_buttons'],
    ['the link first', offer({ buttons: [link, copy] }), 'buttons', 'offer_buttons'],
  ])('is not taken with %s', (_name, of, path, problem) => {
    expect(templateDraftFaults(of)).toContainEqual(expect.objectContaining({ path, problem }));
  });
});

describe('a one-time code that is handed to an app', () => {
  const app = { packageName: 'com.lantern.shop', signatureHash: 'K8a/AINcGX7' };
  const code = (over: Parameters<typeof makeCodeDraft>[0] = {}) =>
    makeCodeDraft({ delivery: 'one_tap', autofillText: 'Fill in', apps: [app], ...over });

  it('may be submitted with its app, and without a tap once the terms are taken', () => {
    expect(templateDraftFaults(code())).toEqual([]);
    expect(templateDraftFaults(code({ delivery: 'zero_tap', termsAccepted: true }))).toEqual([]);
  });

  it.each<[string, TemplateDraft, string, string]>([
    ['no app', code({ apps: [] }), 'code.apps', 'missing'],
    ['six apps', code({ apps: Array.from({ length: 6 }, () => app) }), 'code.apps', 'too_many'],
    ['no words to fill it in', code({ autofillText: '' }), 'code.autofillText', 'missing'],
    ['an app that is none', code({ apps: [{ ...app, packageName: 'shop' }] }), 'code.apps.0.packageName', 'package'],
    [
      'a hash of ten',
      code({ apps: [{ ...app, signatureHash: 'K8a/AINcGX' }] }),
      'code.apps.0.signatureHash',
      'signature',
    ],
    ['terms that were not taken', code({ delivery: 'zero_tap' }), 'code.termsAccepted', 'terms'],
    ['an app though it is copied', code({ delivery: 'copy_code' }), 'code.apps', 'not_here'],
    ['cards', { ...code(), cards: [card(), card()] }, 'cards', 'not_here'],
    ['a request to call', { ...code(), callPermissionRequest: true }, 'callPermissionRequest', 'not_here'],
  ])('is not taken with %s', (_name, of, path, problem) => {
    expect(templateDraftFaults(of)).toContainEqual(expect.objectContaining({ path, problem }));
  });
});

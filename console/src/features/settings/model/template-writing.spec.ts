import { templateDraftFaults } from '@parley/contract/template-rules';
import { describe, expect, it } from 'vitest';
import { newButton, offerButtons } from './template-buttons.js';
import { startCards } from './template-cards.js';
import { faceOf } from './template-shown.js';
import { nextVariable } from './template-texts.js';
import { draftOf, writingOf, type WritingDraft } from './template-writing.js';

const words = {
  code: 'CODE',
  advice: 'ADVICE',
  expires: 'EXPIRES',
  copy: 'COPY',
  contact: 'CONTACT',
  view: 'VIEW',
  viewItems: 'ITEMS',
  offerEnds: '2030-03-01T10:00:00.000Z',
};
const writing = (over: Partial<WritingDraft> = {}): WritingDraft => ({
  ...writingOf(null, 'channel', 'en_US')!,
  name: 'pickup_ready',
  ...over,
});

describe('a template that is being written', () => {
  it('begins empty, and takes along only what belongs to its category', () => {
    expect(templateDraftFaults(draftOf(writing())).map(({ path }) => path)).toEqual(['body.text']);
    const body = { text: 'Left over', samples: {} };
    const code = writing({ category: 'authentication', body, footer: 'Left over', buttons: [newButton('url')] });
    code.code.buttonText = 'Copy';
    expect(draftOf(code)).toMatchObject({
      body: { text: '' },
      footer: null,
      buttons: [],
      code: { securityAdvice: true, expiresInMinutes: 10, buttonText: 'Copy' },
    });
    expect(templateDraftFaults(draftOf(code))).toEqual([]);
  });

  it('counts minutes that are no number as wrong, not as none', () => {
    const code = writing({ category: 'authentication' });
    Object.assign(code.code, { minutes: 'ten', buttonText: 'Copy' });
    expect(templateDraftFaults(draftOf(code))).toEqual([{ path: 'code.expiresInMinutes', problem: 'minutes' }]);
    code.code.expires = false;
    expect(templateDraftFaults(draftOf(code))).toEqual([]);
  });

  it('keeps samples only of the variables that there are', () => {
    const body = { text: 'Hi {{2}} and {{1}}.', samples: { 1: ' a ', 3: 'gone' } };
    expect(draftOf(writing({ body })).body.samples).toEqual({ 1: 'a', 2: '' });
  });

  it('is an offer or a carousel only as marketing, and takes along what belongs to it', () => {
    const offer = { text: ' Ends soon! ', hasExpiration: true, buttons: offerButtons([]) };
    const buttons = [newButton('flow')];
    const all = { kind: 'offer' as const, offer, buttons, cards: startCards(), footer: 'Left over' };
    expect(draftOf(writing({ ...all, category: 'marketing' }))).toMatchObject({
      offer: { text: 'Ends soon!', hasExpiration: true },
      buttons: [{ type: 'copy_code' }, { type: 'url' }],
      footer: null,
      cards: [],
    });
    expect(draftOf(writing(all))).toMatchObject({
      offer: null,
      buttons: [{ type: 'flow' }],
      cards: [],
      footer: 'Left over',
    });
    expect(draftOf(writing({ ...all, category: 'marketing', kind: 'carousel' }))).toMatchObject({
      header: null,
      offer: null,
      buttons: [],
      cards: [{ header: { format: 'image' }, body: null }, {}],
    });
  });

  it('shows products only as marketing, and asks to call in either; buttons and headers of before stay behind', () => {
    const header = { format: 'image', text: 'Maps', samples: {}, fileId: 'f' } as const;
    const body = { text: 'Have a look.', samples: {} };
    const before = { header, body, buttons: [newButton('url')], footer: 'Lantern' };
    const of = (over: Partial<WritingDraft>) => draftOf(writing({ ...before, ...over }));
    const one = of({ category: 'marketing', kind: 'product' });
    expect(one).toMatchObject({
      header: { format: 'product' },
      footer: 'Lantern',
      buttons: [{ type: 'product' }],
      callPermissionRequest: false,
    });
    const several = of({ category: 'marketing', kind: 'product_list' });
    expect(several).toMatchObject({ header: { format: 'text', text: 'Maps' }, buttons: [{ type: 'product_list' }] });
    // What the kind cannot have above its text waits until another can.
    expect(of({ category: 'marketing', header: { ...header, format: 'document' }, kind: 'offer' }).header).toBeNull();
    expect(of({ category: 'utility', kind: 'product' }).buttons).toMatchObject([{ type: 'url' }]);
    const asking = of({ category: 'utility', kind: 'call_permission' });
    expect(asking).toMatchObject({ header: { format: 'image' }, buttons: [], callPermissionRequest: true });
    for (const draft of [one, several, asking]) expect(templateDraftFaults(draft)).toEqual([]);
    expect([one, several, asking].map((draft) => faceOf(draft, words).interactive)).toMatchObject([
      { kind: 'product', buttonText: 'VIEW' },
      { kind: 'product_list', buttonText: 'ITEMS' },
      { kind: 'call_permission_request' },
    ]);
    expect(faceOf(one, words)).toMatchObject({ header: { format: 'product', text: null }, buttons: [] });
  });

  it('leaves apps and terms behind where the code is copied', () => {
    const code = writing({ category: 'authentication' });
    const app = { packageName: 'com.lantern.shop', signatureHash: 'K8a/AINcGX7' };
    Object.assign(code.code, { buttonText: 'Copy', autofillText: 'Fill in', apps: [app], termsAccepted: true });
    expect(draftOf(code).code).toMatchObject({ autofillText: '', apps: [], termsAccepted: false });
    code.code.delivery = 'zero_tap';
    expect(draftOf(code).code).toMatchObject({ autofillText: 'Fill in', apps: [app], termsAccepted: true });
    expect(templateDraftFaults(draftOf(code))).toEqual([]);
    code.code.delivery = 'one_tap';
    expect(draftOf(code).code).toMatchObject({ termsAccepted: false });
  });

  it('offers the next variable that is free', () => {
    expect(nextVariable('Hi {{1}} and {{3}}.', 'positional')).toBe('{{2}}');
    expect(nextVariable('Hi {{value_1}}.', 'named')).toBe('{{value_2}}');
  });

  it('shows what the phone will show, with the samples in it', () => {
    const body = { text: 'Hi {{1}}.', samples: { 1: 'Ada' } };
    const link = { type: 'url', text: 'Track', url: 'https://l.example/{{1}}', sample: '8' } as const;
    const header = { format: 'text', text: 'Order {{1}}', samples: { 1: '8841' }, fileId: null } as const;
    const draft = draftOf(writing({ body, header, buttons: [link, { type: 'copy_code', sample: 'SAVE10' }] }));
    expect(faceOf(draft, words)).toMatchObject({
      header: { format: 'text', text: 'Order 8841' },
      body: 'Hi Ada.',
      buttons: [
        { text: 'Track', value: 'https://l.example/8' },
        { text: 'COPY', value: 'SAVE10' },
      ],
    });
    const offer = { text: 'Ends soon!', hasExpiration: true, buttons: [] };
    const sale = writing({ category: 'marketing', kind: 'offer', offer });
    expect(faceOf(draftOf(sale), words).offer).toEqual({ text: 'Ends soon!', expiresAt: words.offerEnds });
    sale.offer.hasExpiration = false;
    expect(faceOf(draftOf(sale), words).offer).toEqual({ text: 'Ends soon!', expiresAt: null });
    const cards = startCards().map((card) => ({ ...card, fileId: 'f', body }));
    expect(faceOf(draftOf(writing({ category: 'marketing', kind: 'carousel', cards })), words).cards).toEqual(
      [1, 2].map(() => ({
        format: 'image',
        fileId: 'f',
        body: 'Hi Ada.',
        buttons: [{ type: 'quick_reply', text: '', value: null }],
      })),
    );
    expect(faceOf(draftOf(writing({ category: 'authentication' })), words)).toMatchObject({
      body: 'CODE ADVICE',
      footer: 'EXPIRES',
      buttons: [{ type: 'otp', text: 'COPY' }],
    });
  });
});

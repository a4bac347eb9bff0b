import { describe, expect, it } from 'vitest';
import { fieldsOf, newButton, offerButtons, withButton } from './template-buttons.js';
import {
  cardsOf,
  newCard,
  startCards,
  withButtonsOf,
  withCard,
  withFormat,
  type WritingCard,
} from './template-cards.js';

const kindsOf = (cards: readonly WritingCard[]): string[][] =>
  cards.map(({ buttons }) => buttons.map(({ type }) => type));
const reply = (text: string) => ({ type: 'quick_reply', text }) as const;

describe('the buttons of a template', () => {
  it('keep replies together and a code before a link, whatever is added when', () => {
    const added = (['url', 'phone_number', 'copy_code', 'quick_reply', 'flow'] as const).reduce(
      (buttons, type) => withButton(buttons, newButton(type)),
      withButton([], reply('First')),
    );
    expect(added.map(({ type }) => type)).toEqual([
      'quick_reply',
      'quick_reply',
      'copy_code',
      'url',
      'phone_number',
      'flow',
    ]);
    expect(added[0]).toEqual(reply('First'));
  });

  it('have the fields of their kind, and one for a sample where something stands for it', () => {
    const partsOf = (button: Parameters<typeof fieldsOf>[0]) => fieldsOf(button).map(({ part }) => part);
    expect(partsOf(newButton('url'))).toEqual(['text', 'url']);
    expect(partsOf({ type: 'url', url: 'https://l.example/{{1}}' })).toEqual(['text', 'url', 'sample']);
    expect(partsOf(newButton('copy_code'))).toEqual(['sample']);
    expect(partsOf(newButton('flow'))).toEqual(['text', 'flowId', 'flowScreen']);
    expect(partsOf(newButton('product'))).toEqual([]);
    expect(newButton('phone_number')).toEqual({ type: 'phone_number', text: '', phoneNumber: '' });
  });

  it('are a code and a link in an offer; what is there of them stays', () => {
    const link = { type: 'url', text: 'Shop', url: 'https://l.example', sample: '' } as const;
    expect(offerButtons([reply('Yes'), link])).toEqual([newButton('copy_code'), link]);
  });
});

describe('the cards of a carousel', () => {
  it('begin as two, and a new one has the kinds of buttons that the others have', () => {
    const cards = startCards();
    expect(kindsOf(cards)).toEqual([['quick_reply'], ['quick_reply']]);
    const linked = withButtonsOf(cards, 0, withButton(cards[0]!.buttons, newButton('url')));
    expect(kindsOf(withCard(linked))).toEqual(Array.from({ length: 3 }, () => ['quick_reply', 'url']));
    expect(new Set(withCard(withCard(linked)).map(({ key }) => key)).size).toBe(4);
  });

  it('are ten at most', () => {
    let cards = startCards();
    for (let count = 0; count < 12; count += 1) cards = withCard(cards);
    expect(cards).toHaveLength(10);
  });

  it('get a button that one of them gets, and lose one that it loses; their words stay', () => {
    const cards = startCards().map((card, index) => ({
      ...card,
      buttons: [reply(`Keep ${index}`), reply(`Ask ${index}`)],
    }));
    const less = withButtonsOf(cards, 1, cards[1]!.buttons.slice(1));
    expect(less.map(({ buttons }) => buttons)).toEqual([[reply('Ask 0')], [reply('Ask 1')]]);
    const more = withButtonsOf(less, 0, withButton(less[0]!.buttons, newButton('url')));
    expect(more.map(({ buttons }) => buttons.map(({ text }) => text))).toEqual([
      ['Ask 0', ''],
      ['Ask 1', ''],
    ]);
    const written = more[0]!.buttons.map((button, at) => (at === 0 ? { ...button, text: 'Now' } : button));
    expect(withButtonsOf(more, 0, written).map(({ buttons }) => buttons[0]?.text)).toEqual(['Now', 'Ask 1']);
  });

  it('show products with one button each and no words of their own, and get replies back with pictures', () => {
    const cards = startCards().map((card) => ({ ...card, fileId: 'f', body: { text: 'For you', samples: {} } }));
    const shown = withFormat(cards, 'product');
    expect(kindsOf(shown)).toEqual([['product'], ['product']]);
    expect(cardsOf({ cards: shown, cardFormat: 'product' })).toEqual(
      [1, 2].map(() => ({ header: { format: 'product' }, body: null, buttons: [{ type: 'product' }] })),
    );
    expect(kindsOf(withFormat(shown, 'image'))).toEqual([['quick_reply'], ['quick_reply']]);
    const linked = withButtonsOf(cards, 0, withButton(cards[0]!.buttons, newButton('url')));
    expect(kindsOf(withFormat(linked, 'product'))).toEqual([['url'], ['url']]);
    expect(kindsOf(withFormat(linked, 'video'))).toEqual(kindsOf(linked));
  });

  it('have words all of them or none', () => {
    const cards = [newCard(0), newCard(1)];
    expect(cardsOf({ cards, cardFormat: 'video' }).map(({ body }) => body)).toEqual([null, null]);
    cards[1]!.body.text = ' For you ';
    expect(cardsOf({ cards, cardFormat: 'video' })).toMatchObject([
      { header: { format: 'video' }, body: { text: '' } },
      { header: { format: 'video' }, body: { text: 'For you' } },
    ]);
  });
});

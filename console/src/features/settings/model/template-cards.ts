import { TEMPLATE_CARDS_MAX, TEMPLATE_CARDS_MIN } from '@parley/contract/constants';
import type { TemplateDraft } from '@parley/contract';
import { newButton } from './template-buttons.js';
import { writtenOf, type DraftButton } from './template-texts.js';

type DraftCard = TemplateDraft['cards'][number];
export type CardFormat = DraftCard['header']['format'];

/** A card as its form holds it. */
export interface WritingCard {
  /** Which card it is, wherever it stands: its file goes along. */
  key: number;
  fileId: string | null;
  body: TemplateDraft['body'];
  buttons: DraftButton[];
}

/** An empty card, or one of a template as it is; the sample of its file is given anew. */
export const newCard = (key: number, card?: DraftCard): WritingCard => ({
  key,
  fileId: null,
  body: { text: card?.body?.text ?? '', samples: { ...card?.body?.samples } },
  buttons: card?.buttons.map((button) => ({ ...button })) ?? [],
});

/** One more card, with the kinds of buttons that the others have. */
export function withCard(cards: readonly WritingCard[]): WritingCard[] {
  if (cards.length >= TEMPLATE_CARDS_MAX) return [...cards];
  const key = Math.max(-1, ...cards.map((card) => card.key)) + 1;
  const buttons = cards[0]?.buttons.map(({ type }) => newButton(type)) ?? [];
  return [...cards, { ...newCard(key), buttons }];
}

/** The cards once all of them show this: with the buttons that such cards take, and those that they have had of them. */
export function withFormat(cards: readonly WritingCard[], format: CardFormat): WritingCard[] {
  const isProduct = format === 'product';
  return cards.map((card) => {
    const kept = isProduct
      ? card.buttons.filter(({ type }) => type === 'url').slice(0, 1)
      : card.buttons.filter(({ type }) => type !== 'product');
    return { ...card, buttons: kept.length > 0 ? kept : [newButton(isProduct ? 'product' : 'quick_reply')] };
  });
}

/** As many cards as a carousel has at least; with a quick reply, for every card has a button. */
export function startCards(): WritingCard[] {
  let cards: WritingCard[] = [{ ...newCard(0), buttons: [newButton('quick_reply')] }];
  while (cards.length < TEMPLATE_CARDS_MIN) cards = withCard(cards);
  return cards;
}

/**
 * The cards after the buttons of one were changed: what came or went there comes and goes on all of them, for all have the
 * same kinds. `after` holds the buttons of `index` that stay as they are the same objects.
 */
export function withButtonsOf(cards: readonly WritingCard[], index: number, after: DraftButton[]): WritingCard[] {
  const before = cards[index]?.buttons ?? [];
  const others = (buttons: readonly DraftButton[]): DraftButton[] => {
    if (after.length < before.length) {
      const gone = before.findIndex((button) => !after.includes(button));
      return buttons.filter((_button, at) => at !== gone);
    }
    if (after.length === before.length) return [...buttons];
    const came = after.findIndex((button) => !before.includes(button));
    const { type } = after[came] ?? { type: 'quick_reply' as const };
    return [...buttons.slice(0, came), newButton(type), ...buttons.slice(came)];
  };
  return cards.map((card, at) => ({ ...card, buttons: at === index ? after : others(card.buttons) }));
}

/** The cards as the server takes them; where none has words, none has a text: those of products never have one. */
export function cardsOf(of: { cards: readonly WritingCard[]; cardFormat: CardFormat }): TemplateDraft['cards'] {
  const { cards, cardFormat } = of;
  const isProduct = cardFormat === 'product';
  const hasWords = !isProduct && cards.some(({ body }) => body.text.trim() !== '');
  return cards.map(({ fileId, body, buttons }) => ({
    header: { format: cardFormat, ...(fileId !== null && !isProduct && { fileId }) },
    body: hasWords ? writtenOf(body) : null,
    buttons,
  }));
}

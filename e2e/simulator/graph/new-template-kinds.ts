import { asJson, asJsonList, asText, type Json } from '../core/json.ts';
import { buttonsOf as listed, type TemplateCard, type TemplateDefinition } from '../state/templates.ts';
import { badParameter } from './check.ts';
import { buttonsOf, checkBody, headerOf, refused } from './new-template-parts.ts';

export type HasHandle = (handle: string) => boolean;

type Offer = NonNullable<TemplateDefinition['offer']>;

const CARD_BUTTONS: ReadonlySet<string> = new Set(['QUICK_REPLY', 'URL', 'PHONE_NUMBER']);
const PRODUCT_CARD_BUTTONS: ReadonlySet<string> = new Set(['SPM', 'URL']);

/** Of a limited-time offer: what stands over its words (Meta: limited-time offer templates). */
export function offerOf(component: Json | undefined): Offer | undefined {
  if (!component) return undefined;
  const { text: given, has_expiration: hasExpiration } = asJson(component['limited_time_offer']);
  const text = asText(given) ?? '';
  if (text === '' || text.length > 16) throw badParameter('limited_time_offer.text must have 1 to 16 characters.');
  return { text, hasExpiration: hasExpiration === true };
}

/** Around an offer: a picture or film at most, no footer, a code before the link, which is always there. */
export function checkOffer(
  { category, header, footer, buttons = [] }: Pick<TemplateDefinition, 'category' | 'header' | 'footer' | 'buttons'>,
  { hasExpiration }: Offer,
): void {
  if (category !== 'MARKETING') throw badParameter('A limited-time offer is only allowed in category MARKETING.');
  if (footer !== undefined) throw refused(2388073, 'A limited-time offer can’t have a footer.');
  if (header && header.format !== 'IMAGE' && header.format !== 'VIDEO') {
    throw refused(2388047, 'The header of a limited-time offer must be an image or a video.');
  }
  const kinds = listed({ buttons })
    .map(({ type }) => type)
    .join();
  if (kinds !== 'COPY_CODE,URL' && (kinds !== 'URL' || hasExpiration)) {
    throw badParameter('A limited-time offer needs a copy code button, which comes first, and a URL button.');
  }
}

/** One product above the text or several behind a button, alone (Meta: single-product and multi-product message templates). */
export function checkProducts({
  category,
  header,
  buttons = [],
}: Pick<TemplateDefinition, 'category' | 'header' | 'buttons'>): void {
  const kinds = listed({ buttons }).map(({ type }) => type);
  const isOne = header?.format === 'PRODUCT' || kinds.includes('SPM');
  if (!isOne && !kinds.includes('MPM')) return;
  if (category !== 'MARKETING') throw badParameter('A template with products is only allowed in category MARKETING.');
  const format = isOne ? 'PRODUCT' : 'TEXT';
  if (header?.format !== format) throw refused(2388047, `The header of this template must be of format ${format}.`);
  if (kinds.length > 1) throw badParameter('A template with products has a single button.');
  if (isOne && kinds[0] !== 'SPM') throw badParameter('A template with a product needs an SPM button.');
}

/**
 * Of a carousel: two to ten cards, all with the same components (Meta: media card and product card carousel templates).
 */
export function cardsOf(component: Json | undefined, hasHandle: HasHandle): TemplateCard[] | undefined {
  if (!component) return undefined;
  const given = asJsonList(component['cards']);
  if (given.length < 2 || given.length > 10) throw badParameter('A carousel must have 2 to 10 cards.');
  const cards = given.map((card) => cardOf(asJsonList(card['components']), hasHandle));
  if (new Set(cards.map(shapeOf)).size > 1)
    throw badParameter('All cards of a carousel must have the same components.');
  return cards;
}

function cardOf(components: readonly Json[], hasHandle: HasHandle): TemplateCard {
  const find = (type: string): Json | undefined =>
    components.find((component) => asText(component['type'])?.toUpperCase() === type);
  const format = headerOf(find('HEADER'), hasHandle)?.format;
  const buttons = buttonsOf(asJsonList(find('BUTTONS')?.['buttons']));
  const words = find('BODY');
  if (format === 'PRODUCT') {
    if (words) throw refused(2388072, 'A product card has no body.');
    if (buttons.length !== 1 || !buttons.every(({ type }) => PRODUCT_CARD_BUTTONS.has(type))) {
      throw badParameter('A product card has 1 button of type SPM or URL.');
    }
    return { format, buttons };
  }
  if (format !== 'IMAGE' && format !== 'VIDEO') {
    throw refused(2388047, 'A card needs an image, a video or a product.');
  }
  const body = asText(words?.['text']);
  if (words) checkBody(body ?? '', asJson(words['example']), 160);
  if (buttons.length < 1 || buttons.length > 2 || !buttons.every(({ type }) => CARD_BUTTONS.has(type))) {
    throw badParameter('A card has 1 or 2 buttons of type QUICK_REPLY, URL or PHONE_NUMBER.');
  }
  return { format, buttons, ...(body !== undefined && { body }) };
}

const shapeOf = ({ format, body, buttons }: TemplateCard): string =>
  [format, body !== undefined, ...listed({ buttons }).map(({ type }) => type)].join();

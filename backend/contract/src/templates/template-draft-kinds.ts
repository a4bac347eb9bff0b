import {
  TEMPLATE_APPS_MAX,
  TEMPLATE_BUTTON_MAX_CHARS,
  TEMPLATE_CARD_BODY_MAX_CHARS,
  TEMPLATE_CARD_BUTTONS_MAX,
  TEMPLATE_CARDS_MAX,
  TEMPLATE_CARDS_MIN,
  TEMPLATE_MINUTES_MAX,
  TEMPLATE_OFFER_MAX_CHARS,
} from '../constants.js';
import { buttonFaults } from './template-draft-buttons.js';
import { type DraftFault, fault, needed, plainFaults, tooMany, writtenFaults } from './template-draft-fault.js';
import type { TemplateDraft } from './template-draft.js';

type Card = TemplateDraft['cards'][number];
type Code = NonNullable<TemplateDraft['code']>;

/** What Meta takes on a card with a file, and on one with a product, which has a single button. */
const CARD_BUTTONS: ReadonlySet<string> = new Set(['quick_reply', 'url', 'phone_number']);
const PRODUCT_CARD_BUTTONS: ReadonlySet<string> = new Set(['product', 'url']);
/** An app's name as Android writes it, and the hash of its signature (Meta: one-tap autofill, app signing key hash). */
const PACKAGE = /^[A-Za-z]\w*(\.[A-Za-z]\w*)+$/;
const SIGNATURE = /^[A-Za-z0-9+/=]{11}$/;

/** A limited-time offer: marketing, a picture or film above it, no small print, a code before its one link. */
export function offerFaults({ offer, category, header, footer, buttons }: TemplateDraft): DraftFault[] {
  if (!offer) return [];
  const kinds = buttons.map(({ type }) => type).join();
  const isFitting = kinds === 'copy_code,url' || (kinds === 'url' && !offer.hasExpiration);
  return [
    ...(category === 'marketing' ? [] : [fault('offer', 'not_here')]),
    ...needed('offer.text', offer.text, TEMPLATE_OFFER_MAX_CHARS),
    ...plainFaults('offer.text', offer.text),
    ...(header === null || header.format === 'image' || header.format === 'video' ? [] : [fault('header', 'not_here')]),
    ...(footer ? [fault('footer', 'not_here')] : []),
    ...(isFitting ? [] : [fault('buttons', 'offer_buttons')]),
  ];
}

/** A carousel: marketing, words above two to ten cards of one shape, and nothing else. */
export function cardsFaults(draft: TemplateDraft): DraftFault[] {
  const { cards, category, parameterFormat } = draft;
  const [first] = cards;
  if (!first) return [];
  const foreign = [
    ['header', draft.header !== null],
    ['footer', draft.footer !== null && draft.footer !== ''],
    ['buttons', draft.buttons.length > 0],
    ['offer', draft.offer !== null],
  ] as const;
  const hasWords = cards.some(({ body }) => body !== null);
  return [
    ...(category === 'marketing' ? [] : [fault('cards', 'not_here')]),
    ...foreign.filter(([, isThere]) => isThere).map(([path]) => fault(path, 'not_here')),
    ...(cards.length < TEMPLATE_CARDS_MIN ? [fault('cards', 'too_few')] : []),
    ...tooMany('cards', cards.length - TEMPLATE_CARDS_MAX),
    ...cards.flatMap((card, index) => [
      ...(shapeOf(card) === shapeOf(first) ? [] : [fault(`cards.${index}`, 'shape')]),
      ...cardFaults(card, `cards.${index}`, parameterFormat, hasWords),
    ]),
  ];
}

/** "All cards must have the same components": the kind of file, and the kinds of the buttons in their order. */
const shapeOf = ({ header, buttons }: Card): string => [header.format, ...buttons.map(({ type }) => type)].join();

/** `hasWords`: if one card has words, every card has some. */
function cardFaults(
  { header, body, buttons }: Card,
  path: string,
  format: TemplateDraft['parameterFormat'],
  hasWords: boolean,
): DraftFault[] {
  const isProduct = header.format === 'product';
  const kinds = isProduct ? PRODUCT_CARD_BUTTONS : CARD_BUTTONS;
  // The shop has the words of a product; a card needs none of its own.
  const needsFile = !isProduct && header.fileId === undefined;
  return [
    ...(needsFile ? [fault(`${path}.header.fileId`, 'missing')] : []),
    ...(isProduct && body ? [fault(`${path}.body.text`, 'not_here')] : []),
    ...(body && !isProduct ? writtenFaults(`${path}.body`, body, format, TEMPLATE_CARD_BODY_MAX_CHARS) : []),
    ...(!body && !isProduct && hasWords ? [fault(`${path}.body.text`, 'missing')] : []),
    ...(buttons.length === 0 ? [fault(`${path}.buttons`, 'missing')] : []),
    ...tooMany(`${path}.buttons`, buttons.length - (isProduct ? 1 : TEMPLATE_CARD_BUTTONS_MAX)),
    ...(buttons.every(({ type }) => kinds.has(type)) ? [] : [fault(`${path}.buttons`, 'not_here')]),
    ...buttons.flatMap((button, index) => buttonFaults(button, `${path}.buttons.${index}`)),
  ];
}

/** The words of a one-time code are Meta's: only a few things about it can be chosen. */
export function codeFaults({
  header,
  body,
  footer,
  buttons,
  offer,
  cards,
  code,
  ...rest
}: TemplateDraft): DraftFault[] {
  const foreign = [
    ['header', header !== null],
    ['body.text', body.text !== ''],
    ['footer', footer !== null && footer !== ''],
    ['buttons', buttons.length > 0],
    ['offer', offer !== null],
    ['cards', cards.length > 0],
    ['callPermissionRequest', rest.callPermissionRequest],
  ] as const;
  const faults = foreign.filter(([, isThere]) => isThere).map(([path]) => fault(path, 'not_here'));
  if (code === null) return [...faults, fault('code', 'missing')];
  const { expiresInMinutes: minutes, buttonText } = code;
  if (minutes !== null && (minutes < 1 || minutes > TEMPLATE_MINUTES_MAX)) {
    faults.push(fault('code.expiresInMinutes', 'minutes'));
  }
  return [...faults, ...needed('code.buttonText', buttonText, TEMPLATE_BUTTON_MAX_CHARS), ...handingFaults(code)];
}

/** Who hands the code to an app names the app; without a tap it takes Meta's terms too. */
function handingFaults({ delivery, autofillText, apps, termsAccepted }: Code): DraftFault[] {
  if (delivery === 'copy_code') return apps.length > 0 ? [fault('code.apps', 'not_here')] : [];
  return [
    ...needed('code.autofillText', autofillText, TEMPLATE_BUTTON_MAX_CHARS),
    ...(apps.length === 0 ? [fault('code.apps', 'missing')] : []),
    ...tooMany('code.apps', apps.length - TEMPLATE_APPS_MAX),
    ...apps.flatMap(({ packageName, signatureHash }, index) => [
      ...(PACKAGE.test(packageName) ? [] : [fault(`code.apps.${index}.packageName`, 'package')]),
      ...(SIGNATURE.test(signatureHash) ? [] : [fault(`code.apps.${index}.signatureHash`, 'signature')]),
    ]),
    ...(delivery === 'zero_tap' && !termsAccepted ? [fault('code.termsAccepted', 'terms')] : []),
  ];
}

import type { FilledTemplate, Template } from '@parley/contract';
import { codeVariable } from '@parley/contract/template-text';
import { idsOf, newProductSection, type ProductSection } from '../components/offers/shop-draft.js';
import { fillVariables, missingVariables } from '../components/text/variables.js';

/** Values of a text and of the buttons below it. */
export interface ValueForm {
  body: Record<string, string>;
  /** By the button's place. */
  buttons: Record<number, string>;
}

/** What an agent has filled in so far; everything is text until it is sent. */
export interface TemplateForm extends ValueForm {
  headerText: string;
  fileId: string | null;
  place: { latitude: string; longitude: string; name: string; address: string };
  /** As a field for date and time holds it: by the clock of who writes. */
  offerEnds: string;
  cards: (ValueForm & { fileId: string | null; productId: string })[];
  /** The catalogue of all its products: an account shows one. */
  catalogId: string;
  /** Above the text, or on the cover of a list of products or of the catalogue. */
  productId: string;
  productSections: ProductSection[];
}

/** Which products a template takes: each by itself, a list of them, or one on the cover of the whole catalogue. */
export type Goods = 'product' | 'product_list' | 'catalog';

export function goodsOf({ header, buttons, cards }: Template): Goods | null {
  if (header?.format === 'product' || cards.some(({ format }) => format === 'product')) return 'product';
  return (['product_list', 'catalog'] as const).find((goods) => buttons.some(({ type }) => type === goods)) ?? null;
}

/** What is known of the customer and of who writes, by what a variable may be called. */
type Known = Readonly<Record<string, string | null>>;

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(first_?name|nombre|nome|primeiro_nome|primer_nombre)$/i, 'contact.first_name'],
  [/^((customer|contact|client|full)?_?name|cliente)$/i, 'contact.name'],
  [/^(phone|telefono|telefone|number)$/i, 'contact.phone'],
  [/^(agent|agent_name|agente)$/i, 'agent.name'],
];
/** A greeting before the first number is followed by a name. */
const GREETING =
  /(^|[\s*_~])(hi|hello|hey|dear|hola|ol[áa]|oi|caro|querid[oa]|estimad[oa]|مرحبا|أهلا|عزيزي)[\s,*_~]*$/iu;

/** An empty form, with what is known of the customer in its place. */
export function newForm(template: Template, known: Known): TemplateForm {
  const guess = (name: string, before: string): string => {
    const key =
      NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? (GREETING.test(before) ? 'contact.first_name' : '');
    return known[key] ?? '';
  };
  const beforeIn = (text: string, name: string) => text.slice(0, Math.max(0, text.indexOf(`{{${name}}}`)));
  const { header, body } = template;
  const isCode = codeVariable(template) !== null;
  return {
    headerText: header?.variable ? guess(header.variable.name, beforeIn(header.text ?? '', header.variable.name)) : '',
    fileId: null,
    place: { latitude: '', longitude: '', name: '', address: '' },
    offerEnds: '',
    body: isCode
      ? blankValues(body)
      : Object.fromEntries(body.variables.map(({ name }) => [name, guess(name, beforeIn(body.text, name))])),
    buttons: blankButtons(template.buttons),
    cards: template.cards.map((card) => ({
      fileId: null,
      productId: '',
      body: blankValues(card.body),
      buttons: blankButtons(card.buttons),
    })),
    catalogId: '',
    productId: '',
    productSections: [newProductSection()],
  };
}

const blankValues = (body: Template['body'] | null): Record<string, string> =>
  Object.fromEntries((body?.variables ?? []).map(({ name }) => [name, '']));
const blankButtons = (buttons: Template['buttons']): Record<number, string> =>
  Object.fromEntries(buttons.flatMap(({ variable }, index) => (variable ? [[index, '']] : [])));

/**
 * The form as the server takes it; what is empty is left out, so that it counts as missing. Between braces a value may name
 * what is known, with what stands there where it is not: `{{contact.first_name|there}}`.
 */
export function fillingOf(template: Template, form: TemplateForm, known: Known = {}): FilledTemplate {
  const { header, body, buttons, cards, name, language } = template;
  const ends = endOf(template, form);
  const goods = goodsOf(template);
  const coverId = form.productId.trim();
  const place = header?.format === 'location' ? placeOf(form.place) : null;
  const headerText = header?.variable ? filled(form.headerText, known) : '';
  const given = {
    ...(headerText !== '' && { text: headerText }),
    ...(form.fileId !== null && { fileId: form.fileId }),
    ...(place && { location: place }),
    ...(header?.format === 'product' && { product: productOf(form, form.productId) }),
  };
  return {
    name,
    language,
    ...(Object.keys(given).length > 0 && { header: given }),
    ...(body.variables.length > 0 && { body: valuesOf(body, form, known) }),
    buttons: buttonsOf(buttons, form, known),
    ...(ends !== null && { offer: { expiresAt: ends } }),
    ...(goods === 'product_list' && { products: productsOf(form) }),
    ...(goods === 'catalog' && coverId && { catalog: { coverId } }),
    ...(cards.length > 0 && {
      cards: cards.map((card, index) => {
        const { fileId = null, productId = '', ...values } = form.cards[index] ?? { body: {}, buttons: {} };
        return {
          ...(fileId !== null && { fileId }),
          ...(card.format === 'product' && { product: productOf(form, productId) }),
          ...(card.body && card.body.variables.length > 0 && { body: valuesOf(card.body, values, known) }),
          buttons: buttonsOf(card.buttons, values, known),
        };
      }),
    }),
  };
}

const productOf = ({ catalogId }: TemplateForm, productId: string) => ({
  catalogId: catalogId.trim(),
  productId: productId.trim(),
});

/** The list of products; without one for its cover the first stands there. */
function productsOf({ productSections, productId }: TemplateForm): NonNullable<FilledTemplate['products']> {
  const coverId = productId.trim();
  return {
    sections: productSections.map((section) => ({
      ...(section.title.trim() && { title: section.title.trim() }),
      productIds: idsOf(section),
    })),
    ...(coverId && { coverId }),
  };
}

/** A value with what is known in the place of its braces; nothing where one of them stays without words. */
function filled(text: string, known: Known): string {
  const words = fillVariables(text, known).trim();
  return missingVariables(words).length > 0 ? '' : words;
}

/** What is empty counts as missing. */
const valuesOf = ({ variables }: Template['body'], form: ValueForm, known: Known): Record<string, string> =>
  Object.fromEntries(
    variables.flatMap(({ name }) => {
      const value = filled(form.body[name] ?? '', known);
      return value === '' ? [] : [[name, value]];
    }),
  );

const buttonsOf = (buttons: Template['buttons'], form: ValueForm, known: Known) =>
  buttons.flatMap(({ variable }, index) => {
    const value = filled(form.buttons[index] ?? '', known);
    return variable && value !== '' ? [{ index, value }] : [];
  });

function endOf({ offer }: Template, { offerEnds }: TemplateForm): string | null {
  const time = new Date(offerEnds);
  return offer?.hasExpiration && !Number.isNaN(time.getTime()) ? time.toISOString() : null;
}

/** Latitude and longitude, if they are some. */
function placeOf({ latitude, longitude, name, address }: TemplateForm['place']) {
  const [north, east] = [latitude, longitude].map((text) =>
    text.trim() === '' ? NaN : Number(text.replace(',', '.')),
  );
  if (north === undefined || east === undefined || !(Math.abs(north) <= 90) || !(Math.abs(east) <= 180)) return null;
  return {
    latitude: north,
    longitude: east,
    ...(name.trim() && { name: name.trim() }),
    ...(address.trim() && { address: address.trim() }),
  };
}

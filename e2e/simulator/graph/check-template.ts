import { asJson, asJsonList, asText, isJson, type Json } from '../core/json.ts';
import {
  buttonsOf,
  renderTemplate,
  templateVariables,
  type TemplateButton,
  type TemplateCard,
  type TemplateDefinition,
} from '../state/templates.ts';
import { coverOf, filledProducts, productOf, type ShownProduct, type ShownSection } from './check-products.ts';
import { graphErrorOf, GraphError } from './errors.ts';

/** A template as the phone shows it. */
export interface ShownTemplate {
  header: { format: string; text?: string; id?: string; filename?: string; product?: ShownProduct } | null;
  footer: string | null;
  buttons: ShownButton[];
  /** Of a limited-time offer; `endsAtMs` is missing where it does not count down. */
  offer?: { text: string; endsAtMs?: number };
  cards?: { format: string; id?: string; product?: ShownProduct; text: string | null; buttons: ShownButton[] }[];
  asksToCall?: boolean;
}

interface ShownButton {
  type: TemplateButton['type'];
  title: string;
  payload: string;
  value: string | null;
  /** Of a button that opens a list of products. */
  sections?: ShownSection[];
  /** Of a button that opens products or the catalogue: the one whose picture stands above the text. */
  cover?: string;
}

/** A template send that fits its definition, with what the customer will see. */
export interface FilledTemplate {
  definition: TemplateDefinition;
  text: string;
  shown: ShownTemplate;
}

/** Buttons that a send gives nothing to. */
const STILL: ReadonlySet<string> = new Set(['VOICE_CALL', 'REQUEST_CONTACT_INFO', 'SPM']);
/** Meta refuses these inside a value (Cloud API, error 132007). */
const REFUSED = /[\n\r\t]| {5}/;

/** Finds the template and fits the parameters into it (Meta: Cloud API, template messages and their errors). */
export function fillTemplate(
  templates: readonly TemplateDefinition[],
  businessAccountId: string,
  content: Json,
): FilledTemplate {
  const name = asText(content['name']) ?? '';
  const language = asText(asJson(content['language'])['code']) ?? '';
  const definition = templates.find(
    (item) =>
      item.name === name &&
      item.language === language &&
      (item.businessAccountId === undefined || item.businessAccountId === businessAccountId),
  );
  if (!definition || definition.status === 'PENDING' || definition.status === 'REJECTED') {
    throw new GraphError(132001, `template name (${name}) does not exist in ${language}`);
  }
  if (definition.status === 'PAUSED') throw graphErrorOf(132015, 'Template is paused due to low quality.');
  if (definition.status === 'DISABLED') throw graphErrorOf(132016);
  const text = renderTemplate(definition.body, valuesOf('body', definition.body, parametersOf(content, 'body')));
  if ([...text].length > 1_024) throw graphErrorOf(132005);
  const offer = offerOf(definition, content);
  const shown: ShownTemplate = {
    header: headerOf(definition.header, content),
    footer: definition.footer ?? null,
    buttons: buttonsOf(definition).map((button, index) => filledButton(button, index, content)),
    ...(offer && { offer }),
    ...(definition.cards && { cards: cardsOf(definition.cards, content) }),
    ...(definition.asksToCall && { asksToCall: true }),
  };
  return { definition, text, shown };
}

/** An end in seconds, or one that is past, is refused: Meta wants milliseconds here (Cloud API, limited-time offers). */
function offerOf({ offer }: TemplateDefinition, content: Json): ShownTemplate['offer'] {
  const [parameter] = parametersOf(content, 'limited_time_offer');
  if (!offer?.hasExpiration) {
    if (parameter) throw new GraphError(132012, 'limited_time_offer: the template has none');
    return offer && { text: offer.text };
  }
  const endsAtMs = asJson(parameter?.['limited_time_offer'])['expiration_time_ms'];
  if (asText(parameter?.['type']) !== 'limited_time_offer' || typeof endsAtMs !== 'number') {
    throw new GraphError(131008, 'limited_time_offer: expiration_time_ms is required');
  }
  if (endsAtMs <= Date.now()) throw new GraphError(131009, 'limited_time_offer: expiration_time_ms is in the past');
  return { text: offer.text, endsAtMs };
}

/** Every card of the template, each by its index (Cloud API, carousel templates). */
function cardsOf(cards: readonly TemplateCard[], content: Json): NonNullable<ShownTemplate['cards']> {
  const given = asJsonList(componentsOf(content, 'carousel')[0]?.['cards']);
  if (given.length !== cards.length) {
    throw new GraphError(
      132012,
      `carousel: number of cards (${String(given.length)}) does not match the template (${String(cards.length)})`,
    );
  }
  return cards.map((card, index) => {
    const filled = given.find((one) => Number(one['card_index']) === index);
    if (!filled) throw new GraphError(132012, `carousel: card ${String(index)} is missing`);
    const header = headerOf({ format: card.format }, filled);
    const body = card.body ?? '';
    const text = renderTemplate(body, valuesOf(`card ${String(index)}`, body, parametersOf(filled, 'body')));
    return {
      format: card.format,
      ...(header?.id && { id: header.id }),
      ...(header?.product && { product: header.product }),
      text: card.body === undefined ? null : text,
      buttons: buttonsOf(card).map((button, at) => filledButton(button, at, filled)),
    };
  });
}

const componentsOf = (content: Json, type: string): Json[] =>
  asJsonList(content['components']).filter((item) => asText(item['type'])?.toLowerCase() === type);

const parametersOf = (content: Json, type: string): Json[] =>
  asJsonList(componentsOf(content, type)[0]?.['parameters']);

function headerOf(header: TemplateDefinition['header'], content: Json): ShownTemplate['header'] {
  const parameters = parametersOf(content, 'header');
  if (!header) {
    if (parameters.length > 0) throw new GraphError(132012, 'header: the template has none');
    return null;
  }
  const { format, text = '' } = header;
  if (format === 'TEXT') return { format, text: renderTemplate(text, valuesOf('header', text, parameters)) };
  const type = format.toLowerCase();
  const [parameter] = parameters;
  if (format === 'PRODUCT') return { format, product: productOf(parameter) };
  const part = asJson(parameter?.[type]);
  const isThere = type === 'location' ? part['latitude'] !== undefined : part['id'] !== undefined || part['link'];
  if (!parameter || asText(parameter['type']) !== type || !isThere) {
    throw new GraphError(132012, `header: Format mismatch, expected ${format}, received UNKNOWN`);
  }
  const place = asText(part['name']) ?? `${String(part['latitude'])}, ${String(part['longitude'])}`;
  const id = asText(part['id']);
  const filename = asText(part['filename']);
  return type === 'location' ? { format, text: place } : { format, ...(id && { id }), ...(filename && { filename }) };
}

function filledButton(button: TemplateButton, index: number, content: Json): ShownButton {
  const given = componentsOf(content, 'button').find((item) => Number(item['index']) === index);
  const [parameter] = asJsonList(given?.['parameters']);
  const { type, text: title } = button;
  const shown = { type, title, payload: title, value: null };
  if (type === 'QUICK_REPLY') return { ...shown, payload: asText(parameter?.['payload']) ?? title };
  if (type === 'PHONE_NUMBER') return { ...shown, value: button.phone ?? null };
  if (STILL.has(type)) return shown;
  if (type === 'FLOW') return { ...shown, payload: asText(asJson(parameter?.['action'])['flow_token']) ?? 'unused' };
  if (type === 'CATALOG' || type === 'MPM') {
    const action = asJson(parameter?.['action']);
    const cover = coverOf(action, index);
    const covered = { ...shown, ...(cover !== undefined && { cover }) };
    return type === 'MPM' ? { ...covered, sections: filledProducts(action, index) } : covered;
  }
  if (type === 'COPY_CODE') {
    const code = asText(parameter?.['coupon_code']);
    if (!code || code.length > 15)
      throw new GraphError(131008, `Button at index ${String(index)} requires a coupon code`);
    return { ...shown, value: code };
  }
  if (type === 'OTP') {
    const code = asText(parameter?.['text']);
    const isUrl = asText(given?.['sub_type'])?.toLowerCase() === 'url';
    if (!isUrl || !code) throw new GraphError(131008, `Button at index ${String(index)} of type OTP requires the code`);
    if (code.length > 15) throw new GraphError(131009, 'The code must have at most 15 characters.');
    return { ...shown, value: code };
  }
  const url = button.url ?? '';
  if (templateVariables(url).length === 0) return { ...shown, value: url };
  const suffix = asText(parameter?.['text']);
  if (!suffix) throw new GraphError(131008, `Button at index ${String(index)} of type Url requires a parameter`);
  return { ...shown, value: renderTemplate(url, new Map([['1', suffix]])) };
}

function valuesOf(part: string, text: string, parameters: readonly Json[]): Map<string, string> {
  const variables = templateVariables(text);
  if (parameters.length !== variables.length) {
    throw new GraphError(
      132000,
      `${part}: number of localizable_params (${String(parameters.length)}) does not match the expected number of params (${String(variables.length)})`,
    );
  }
  const isNamed = variables.some((variable) => !/^\d+$/.test(variable));
  const ordered = isNamed ? variables : variables.toSorted((left, right) => Number(left) - Number(right));
  const values = new Map<string, string>();
  parameters.forEach((parameter, index) => {
    const key = isNamed ? asText(parameter['parameter_name']) : ordered[index];
    const value = parameterText(parameter);
    if (key === undefined || !variables.includes(key) || value === undefined) {
      throw new GraphError(132012, `${part}: parameter ${String(index + 1)} does not fit the template`);
    }
    if (REFUSED.test(value)) {
      throw new GraphError(132007, 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces');
    }
    values.set(key, value);
  });
  return values;
}

function parameterText(parameter: Json): string | undefined {
  const type = asText(parameter['type']);
  if (type === 'text') return asText(parameter['text']) || undefined;
  if (type !== 'currency' && type !== 'date_time') return undefined;
  const value = parameter[type];
  return isJson(value) ? asText(value['fallback_value']) : undefined;
}

import { asJson, asJsonList, asText, type Json } from '../core/json.ts';
import { templateVariables, type TemplateButton, type TemplateDefinition } from '../state/templates.ts';
import { badParameter } from './check.ts';
import { GraphError } from './errors.ts';

/** What of a definition its components say. */
export type TemplateContent = Pick<
  TemplateDefinition,
  'category' | 'header' | 'body' | 'footer' | 'buttons' | 'offer' | 'cards' | 'asksToCall' | 'components'
>;

const HEADERS = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION', 'PRODUCT'] as const;
const BUTTONS = [
  'QUICK_REPLY',
  'URL',
  'PHONE_NUMBER',
  'COPY_CODE',
  'OTP',
  'FLOW',
  'VOICE_CALL',
  'REQUEST_CONTACT_INFO',
  'CATALOG',
  'SPM',
  'MPM',
] as const;
/** Buttons that the phone words itself. */
const OWN_WORDS: Readonly<Partial<Record<TemplateButton['type'], string>>> = {
  COPY_CODE: 'Copy offer code',
  REQUEST_CONTACT_INFO: 'Share contact info',
  SPM: 'View',
  MPM: 'View items',
};
const VARIABLE = String.raw`\{\{\s*\w+\s*\}\}`;
const AT_EDGE = new RegExp(`^\\s*${VARIABLE}|${VARIABLE}\\s*$`);
const ADJACENT = new RegExp(`${VARIABLE}\\s*${VARIABLE}`);

/** A refusal of a template's content, with the words that Meta has for whoever sits before the screen. */
export const refused = (subcode: number, userMessage: string): GraphError =>
  new GraphError(100, undefined, { message: 'Invalid parameter', subcode, userMessage });

/** The words of a template, or of a card of one. */
export function checkBody(text: string, example: Json, maxChars: number): void {
  if (text.trim() === '') throw refused(2388072, 'The body is required.');
  if (text.length > maxChars) throw refused(2388040, `The body can have at most ${String(maxChars)} characters.`);
  if (AT_EDGE.test(text)) throw refused(2388299, 'Variables can’t be at the start or end of the template.');
  if (ADJACENT.test(text)) throw refused(2388072, 'Variables can’t stand next to each other.');
  const variables = templateVariables(text);
  const words = text
    .replaceAll(new RegExp(VARIABLE, 'g'), ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length < variables.length * 2) {
    throw refused(2388293, 'This template has too many variables for its length. Reduce them or add words.');
  }
  const [row] = Array.isArray(example['body_text']) ? (example['body_text'] as unknown[]) : [];
  const samples = Array.isArray(row) ? row.length : asJsonList(example['body_text_named_params']).length;
  if (samples < variables.length) throw badParameter('component of type BODY is missing expected field(s) (example)');
}

export function headerOf(
  header: Json | undefined,
  hasHandle: (handle: string) => boolean,
): TemplateDefinition['header'] {
  if (!header) return undefined;
  const format = oneOf(HEADERS, header['format'], 'format');
  if (format === 'LOCATION' || format === 'PRODUCT') return { format };
  const example = asJson(header['example']);
  if (format === 'TEXT') {
    const text = asText(header['text']) ?? '';
    if (text === '' || text.length > 60) throw refused(2388047, 'The header must have 1 to 60 characters.');
    if (templateVariables(text).length > 1) throw refused(2388047, 'The header can have one variable.');
    return { format, text };
  }
  const [handle] = Array.isArray(example['header_handle']) ? (example['header_handle'] as unknown[]) : [];
  if (typeof handle !== 'string' || !hasHandle(handle)) {
    throw badParameter('component of type HEADER is missing expected field(s) (example)');
  }
  return { format };
}

export function buttonsOf(buttons: readonly Json[]): TemplateButton[] {
  if (buttons.length > 10) throw badParameter('A template can have at most 10 buttons.');
  const known = buttons.map(buttonOf);
  for (const type of BUTTONS) {
    const most = type === 'QUICK_REPLY' ? 10 : type === 'URL' ? 2 : 1;
    if (known.filter((button) => button.type === type).length > most) {
      throw badParameter(`A template can have at most ${String(most)} buttons of type ${type}.`);
    }
  }
  return known;
}

function buttonOf(button: Json): TemplateButton {
  const type = oneOf(BUTTONS, button['type'], 'button type');
  const text = OWN_WORDS[type] ?? asText(button['text']) ?? '';
  if (text === '' || text.length > 25) throw badParameter('The text of a button must have 1 to 25 characters.');
  const url = asText(button['url']);
  const phone = asText(button['phone_number']);
  if (type === 'URL' && !/^https?:\/\//.test(url ?? '')) throw badParameter('A URL button needs a URL.');
  if (type === 'PHONE_NUMBER' && !/^\+?[\d ()-]{5,20}$/.test(phone ?? '')) {
    throw badParameter('A phone number button needs a phone number.');
  }
  if (type === 'FLOW') checkFlow(button);
  const needsExample = type === 'COPY_CODE' || templateVariables(url ?? '').length > 0;
  if (needsExample && button['example'] === undefined) throw badParameter('The button needs an example.');
  return { type, text, ...(url !== undefined && { url }), ...(phone !== undefined && { phone }) };
}

/** One form, by its id, its name or its content (Meta: flows, templates). */
function checkFlow(button: Json): void {
  const named = ['flow_id', 'flow_name', 'flow_json'].filter((key) => button[key] !== undefined);
  if (named.length !== 1) throw badParameter('A FLOW button needs exactly one of flow_id, flow_name and flow_json.');
  const action = asText(button['flow_action']) ?? 'navigate';
  if (action !== 'navigate' && action !== 'data_exchange') throw badParameter('Param flow_action is unknown.');
}

/** In the place of a handle the list shows an address at Meta's; buttons that the phone words get its words. */
export function asShown(component: Json): Json {
  const type = asText(component['type'])?.toUpperCase();
  if (type === 'CAROUSEL') {
    const cards = asJsonList(component['cards']).map((card) => ({
      components: asJsonList(card['components']).map(asShown),
    }));
    return { ...component, type, cards };
  }
  if (type === 'BUTTONS') return { ...component, type, buttons: asJsonList(component['buttons']).map(buttonShown) };
  const hasHandle = asJson(component['example'])['header_handle'] !== undefined;
  const example = hasHandle && { example: { header_handle: ['https://scontent.example/sample'] } };
  return { ...component, type, ...example };
}

function buttonShown(button: Json): Json {
  const type = asText(button['type'])?.toUpperCase() as TemplateButton['type'];
  const own = OWN_WORDS[type];
  return {
    ...button,
    type,
    ...(own !== undefined && { text: own }),
    ...(type === 'COPY_CODE' && { example: [button['example']] }),
  };
}

export function oneOf<Word extends string>(words: readonly Word[], value: unknown, name: string): Word {
  const found = words.find((word) => word === asText(value)?.toUpperCase());
  if (!found) throw badParameter(`Param ${name} must be one of {${words.join(', ')}}.`);
  return found;
}

import {
  TEMPLATE_BODY_MAX_CHARS,
  TEMPLATE_CARD_BODY_MAX_CHARS,
  TEMPLATE_CODE_MAX_CHARS,
  TEMPLATE_HEADER_MAX_CHARS,
  TEMPLATE_PAYLOAD_MAX_CHARS,
  TEMPLATE_URL_MAX_CHARS,
} from '../constants.js';
import type { TemplateFault } from './template-fault.js';
import { catalogFaults, listFaults, productFaults } from './template-product-faults.js';
import { fillTemplateText, valueOf, type VariableValues } from './template-variables.js';
import type { FilledTemplate, Template, TemplateButton } from './templates.js';

/** Meta takes no line breaks, tabs or more than four blanks in a row inside a variable (error 132007). */
const REFUSED_CHARACTERS = /[\n\r\t]| {5}/;

type Filling = Pick<FilledTemplate, 'header' | 'body' | 'buttons' | 'offer' | 'products' | 'catalog' | 'cards'>;

/** The body's variable that holds a one-time code, and that its button copies; null in a template without one. */
export const codeVariable = ({ body, buttons }: Pick<Template, 'body' | 'buttons'>): string | null =>
  buttons.some(({ type }) => type === 'otp') ? (body.variables[0]?.name ?? null) : null;

/** Everything that Meta would refuse about this filling at `nowMs`, in the order of the template; empty = it may go. */
export function templateFaults(template: Template, filling: Filling, nowMs: number): TemplateFault[] {
  return [
    ...headerFaults(template, filling),
    ...bodyFaults('body', template.body, filling.body, TEMPLATE_BODY_MAX_CHARS),
    ...codeFaults(template, filling),
    ...offerFaults(template, filling, nowMs),
    ...buttonFaults('buttons', template.buttons, filling.buttons),
    ...listFaults(template, filling),
    ...catalogFaults(template, filling),
    ...cardFaults(template, filling),
  ];
}

function headerFaults({ header }: Template, { header: given = {} }: Filling): TemplateFault[] {
  const faults: TemplateFault[] = [];
  const isMedia = header !== null && ['image', 'video', 'document'].includes(header.format);
  if (header?.variable) {
    faults.push(...textFaults('header.text', given.text));
    const length = fillTemplateText(header.text ?? '', { [header.variable.name]: given.text }).length;
    faults.push(...lengthFaults('header.text', length, TEMPLATE_HEADER_MAX_CHARS));
  } else if (given.text !== undefined) faults.push({ path: 'header.text', problem: 'unknown' });
  if (isMedia !== (given.fileId !== undefined)) {
    faults.push({ path: 'header.fileId', problem: isMedia ? 'missing' : 'unknown' });
  }
  if ((header?.format === 'location') !== (given.location !== undefined)) {
    faults.push({ path: 'header.location', problem: header?.format === 'location' ? 'missing' : 'unknown' });
  }
  return [...faults, ...productFaults('header.product', header?.format === 'product', given.product)];
}

function bodyFaults(
  path: string,
  body: Template['body'] | null,
  given: VariableValues = {},
  limit: number,
): TemplateFault[] {
  const names = body?.variables.map(({ name }) => name) ?? [];
  return [
    ...names.flatMap((name) => textFaults(`${path}.${name}`, valueOf(given, name))),
    ...Object.keys(given)
      .filter((name) => !names.includes(name))
      .map((name): TemplateFault => ({ path: `${path}.${name}`, problem: 'unknown' })),
    ...lengthFaults(path, fillTemplateText(body?.text ?? '', given).length, limit),
  ];
}

/** A one-time code is shorter than any other value (Meta: authentication templates). */
function codeFaults(template: Template, { body = {} }: Filling): TemplateFault[] {
  const name = codeVariable(template);
  return name === null ? [] : lengthFaults(`body.${name}`, valueOf(body, name)?.length ?? 0, TEMPLATE_CODE_MAX_CHARS);
}

function offerFaults({ offer }: Template, { offer: given }: Filling, nowMs: number): TemplateFault[] {
  const path = 'offer.expiresAt';
  const isWanted = offer?.hasExpiration === true;
  if (isWanted !== (given !== undefined)) return [{ path, problem: isWanted ? 'missing' : 'unknown' }];
  return given && Date.parse(given.expiresAt) <= nowMs ? [{ path, problem: 'past' }] : [];
}

function buttonFaults(
  prefix: string,
  buttons: readonly TemplateButton[],
  given: readonly { index: number; value: string }[] = [],
): TemplateFault[] {
  const faults: TemplateFault[] = [];
  for (const [index, button] of buttons.entries()) {
    const path = `${prefix}.${index}`;
    const [value, ...more] = given.filter((one) => one.index === index).map((one) => one.value);
    if (more.length > 0) faults.push({ path, problem: 'unknown' });
    if (button.variable) faults.push(...textFaults(path, value));
    else if (button.type !== 'quick_reply' && value !== undefined) faults.push({ path, problem: 'unknown' });
    if (value === undefined) continue;
    const limit =
      button.type === 'url'
        ? TEMPLATE_URL_MAX_CHARS - (button.url?.length ?? 0)
        : button.type === 'quick_reply'
          ? TEMPLATE_PAYLOAD_MAX_CHARS
          : TEMPLATE_CODE_MAX_CHARS;
    faults.push(...lengthFaults(path, value.length, limit));
  }
  for (const { index } of given) {
    if (index >= buttons.length) faults.push({ path: `${prefix}.${index}`, problem: 'unknown' });
  }
  return faults;
}

/** Every card of the template is filled, in its order: Meta takes neither fewer nor more. */
function cardFaults({ cards }: Template, { cards: given = [] }: Filling): TemplateFault[] {
  const filled = cards.flatMap((card, index) => {
    const { fileId, product, body, buttons } = given[index] ?? {};
    const path = `cards.${index}`;
    const isProduct = card.format === 'product';
    return [
      ...(isProduct === (fileId !== undefined)
        ? [{ path: `${path}.fileId`, problem: isProduct ? 'unknown' : 'missing' } as const]
        : []),
      ...productFaults(`${path}.product`, isProduct, product),
      ...bodyFaults(`${path}.body`, card.body, body, TEMPLATE_CARD_BODY_MAX_CHARS),
      ...buttonFaults(`${path}.buttons`, card.buttons, buttons),
    ];
  });
  const extra = given.slice(cards.length).map((_card, index) => `cards.${cards.length + index}`);
  return [...filled, ...extra.map((path): TemplateFault => ({ path, problem: 'unknown' }))];
}

function textFaults(path: string, value: string | undefined): TemplateFault[] {
  if (value === undefined || value.trim() === '') return [{ path, problem: 'missing' }];
  return REFUSED_CHARACTERS.test(value) ? [{ path, problem: 'characters' }] : [];
}

const lengthFaults = (path: string, length: number, limit: number): TemplateFault[] =>
  length > limit ? [{ path, problem: 'too_long', over: length - limit }] : [];

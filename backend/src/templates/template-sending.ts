import {
  codeVariable,
  type FileKind,
  type FilledTemplate,
  INTERACTIVE_LIMITS,
  type Template,
  type TemplateFace,
  templateFace,
  templateFaults,
  type TemplateFault,
  templateWords,
} from '@parley/contract';
import { TemplateInvalidError, TemplateUnavailableError } from './templates.errors.js';

/** A component of the send as Graph takes it; the header's file gets its id when Meta has it. */
export type GraphComponent = Readonly<Record<string, unknown>>;

/** A template that may leave: checked, as the phone shows it, and as Graph wants it. */
export interface PreparedTemplate {
  face: TemplateFace;
  /** What search finds and a list row shows. */
  words: string;
  components: GraphComponent[];
  location: NonNullable<FilledTemplate['header']>['location'];
  /** The file of its header. */
  file: WantedFile | null;
  /** The files of its cards, in their order. */
  cardFiles: WantedFile[];
  /** Meta sends it to a phone number only, not to a user id (error 131062). */
  needsPhone: boolean;
  /** Meta refuses it to who wants no marketing (error 131050). */
  isMarketing: boolean;
}

interface WantedFile {
  fileId: string;
  kinds: readonly FileKind[];
}

const SENTENCES: Readonly<Record<string, string>> = {
  pending: 'WhatsApp has not approved this template yet.',
  in_appeal: 'WhatsApp rejected this template, and the appeal is not decided.',
  rejected: 'WhatsApp rejected this template.',
  paused: 'WhatsApp paused this template because customers reported or blocked it.',
  limit_exceeded: 'WhatsApp holds this template back: a limit was reached.',
  locked: 'WhatsApp locked this template.',
  archived: 'This template is archived.',
  disabled: 'WhatsApp disabled this template for good.',
  pending_deletion: 'This template is being deleted.',
  deleted: 'This template was deleted.',
  unknown: 'WhatsApp has not said that this template may be sent.',
  unsupported: 'This template has parts that cannot be sent from here.',
  incomplete: 'The text of this template has not been read from WhatsApp yet.',
};

/**
 * Checked as of `now`: an offer must not have ended.
 * @throws TemplateUnavailableError when Meta would refuse the template, TemplateInvalidError when it would refuse what
 * fills it
 */
export function prepareTemplate(template: Template, filled: FilledTemplate, now: Date): PreparedTemplate {
  const { blockedBy, status, statusReason } = template;
  if (blockedBy !== null) {
    const sentence = SENTENCES[blockedBy === 'status' ? status : blockedBy] ?? 'This template cannot be sent.';
    throw new TemplateUnavailableError(sentence, { templateStatus: status, blockedBy, reason: statusReason });
  }
  const faults = templateFaults(template, filled, now.getTime());
  if (faults.length > 0) throw new TemplateInvalidError(faults.map(toField));
  const face = templateFace(template, filled);
  const format = template.header?.format;
  const { fileId, location } = filled.header ?? {};
  return {
    face,
    words: templateWords(face),
    components: [
      ...headerComponents(template, filled),
      ...bodyComponents(template.body, filled.body, template.parameterFormat),
      ...offerComponents(filled),
      ...buttonComponents(template.buttons, filled.buttons, {
        code: codeOf(template, filled),
        coverId: filled.catalog?.coverId,
      }),
      ...listComponents(template, filled),
      ...cardComponents(template, filled),
    ],
    location,
    file: fileId !== undefined && isFileKind(format) ? { fileId, kinds: [format] } : null,
    cardFiles: (filled.cards ?? []).flatMap((card, index) => {
      const { format: wanted } = template.cards[index] ?? {};
      return card.fileId !== undefined && isFileKind(wanted) ? [{ fileId: card.fileId, kinds: [wanted] }] : [];
    }),
    needsPhone: codeVariable(template) !== null,
    isMarketing: template.category === 'marketing',
  };
}

const isFileKind = (format: string | undefined): format is 'image' | 'video' | 'document' =>
  format === 'image' || format === 'video' || format === 'document';

function headerComponents({ header, parameterFormat }: Template, { header: given = {} }: FilledTemplate) {
  if (header?.variable) {
    const parameter = textParameter(parameterFormat, header.variable.name, given.text ?? '');
    return [{ type: 'header', parameters: [parameter] }];
  }
  if (isFileKind(header?.format)) {
    return [{ type: 'header', parameters: [{ type: header.format, [header.format]: { fileId: given.fileId } }] }];
  }
  if (header?.format === 'location' && given.location) {
    const { latitude, longitude, name, address } = given.location;
    const location = { latitude, longitude, ...(name && { name }), ...(address && { address }) };
    return [{ type: 'header', parameters: [{ type: 'location', location }] }];
  }
  return header?.format === 'product' ? [productHeader(given.product)] : [];
}

/** A product above the text or on a card. */
const productHeader = (product: NonNullable<FilledTemplate['header']>['product']): GraphComponent => ({
  type: 'header',
  parameters: [
    {
      type: 'product',
      product: { catalog_id: product?.catalogId, product_retailer_id: product?.productId },
    },
  ],
});

/** Positional values go in the order of their numbers, which need not be that of the text. */
function bodyComponents(
  body: Template['body'] | null,
  given: FilledTemplate['body'] = {},
  format: Template['parameterFormat'],
): GraphComponent[] {
  if (!body || body.variables.length === 0) return [];
  const names = body.variables.map(({ name }) => name);
  if (format === 'positional') names.sort((left, right) => Number(left) - Number(right));
  const parameters = names.map((name) => textParameter(format, name, given[name] ?? ''));
  return [{ type: 'body', parameters }];
}

/** Meta sends the code of an authentication template twice: in its text and behind its button. */
function codeOf(template: Template, { body = {} }: FilledTemplate): string {
  return body[codeVariable(template) ?? ''] ?? '';
}

/** Meta counts in milliseconds here, where it counts in seconds elsewhere (Cloud API, limited-time offers). */
function offerComponents({ offer }: FilledTemplate): GraphComponent[] {
  if (!offer) return [];
  const limited_time_offer = { expiration_time_ms: Date.parse(offer.expiresAt) };
  return [{ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer }] }];
}

function buttonComponents(
  buttons: Template['buttons'],
  given: FilledTemplate['buttons'] = [],
  { code, coverId }: { code?: string; coverId?: string | undefined } = {},
): GraphComponent[] {
  return buttons.flatMap(({ type }, index): GraphComponent[] => {
    const value = given.find((button) => button.index === index)?.value;
    const component = (subType: string, parameters: unknown[]) => [
      { type: 'button', sub_type: subType, index: String(index), parameters },
    ];
    if (type === 'otp') return component('url', [{ type: 'text', text: code }]);
    if (type === 'flow') return component(type, [{ type: 'action', action: {} }]);
    // Without a product of its own the catalogue shows its first one.
    if (type === 'catalog') {
      const action = coverId === undefined ? {} : { thumbnail_product_retailer_id: coverId };
      return component(type, [{ type: 'action', action }]);
    }
    if (value === undefined) return [];
    if (type === 'url') return component('url', [{ type: 'text', text: value }]);
    if (type === 'copy_code') return component('copy_code', [{ type: 'coupon_code', coupon_code: value }]);
    if (type === 'quick_reply') return component('quick_reply', [{ type: 'payload', payload: value }]);
    return [];
  });
}

/** The products that a button opens. Meta wants one whose picture stands above the text: the first, if none was named. */
function listComponents({ buttons }: Template, { products }: FilledTemplate): GraphComponent[] {
  const index = buttons.findIndex(({ type }) => type === 'product_list');
  if (index < 0 || !products) return [];
  const action = {
    thumbnail_product_retailer_id: products.coverId ?? products.sections[0]?.productIds[0],
    sections: products.sections.map(({ title, productIds }) => ({
      ...(title && { title }),
      product_items: productIds.map((id) => ({ product_retailer_id: id })),
    })),
  };
  return [{ type: 'button', sub_type: 'mpm', index: String(index), parameters: [{ type: 'action', action }] }];
}

/** Every card brings its product or its file, by our id until Meta has given it one (`outbound/graph/graph-body`). */
function cardComponents({ cards, parameterFormat }: Template, { cards: given = [] }: FilledTemplate): GraphComponent[] {
  if (cards.length === 0) return [];
  return [
    {
      type: 'carousel',
      cards: cards.map(({ format, body, buttons }, index) => {
        const { fileId, product, body: values, buttons: buttonValues } = given[index] ?? {};
        return {
          card_index: index,
          components: [
            format === 'product'
              ? productHeader(product)
              : { type: 'header', parameters: [{ type: format, [format]: { fileId } }] },
            ...bodyComponents(body, values, parameterFormat),
            ...buttonComponents(buttons, buttonValues),
          ],
        };
      }),
    },
  ];
}

const textParameter = (format: Template['parameterFormat'], name: string, text: string) => ({
  type: 'text',
  ...(format === 'named' && { parameter_name: name }),
  text,
});

const PROBLEMS: Readonly<Record<TemplateFault['problem'], string>> = {
  missing: 'must be filled in',
  unknown: 'is not a part of this template',
  characters: 'must not hold line breaks, tabs or more than four blanks in a row',
  too_long: 'is too long',
  too_many: 'has too many',
  past: 'must lie in the future',
};

const toField = ({ path, problem, over }: TemplateFault) => ({
  path: `template.${path}`,
  message: over === undefined ? PROBLEMS[problem] : overWords(path, problem, over),
});

function overWords(path: string, problem: TemplateFault['problem'], over: number): string {
  if (problem === 'too_long') return `is ${over} ${over === 1 ? 'character' : 'characters'} too long`;
  const [one, many, most] =
    path === 'products'
      ? (['product', 'products', INTERACTIVE_LIMITS.products] as const)
      : (['section', 'sections', INTERACTIVE_LIMITS.productSections] as const);
  return `has ${over} ${over === 1 ? one : many} more than the ${most} that a message may have`;
}

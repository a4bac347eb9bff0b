import { callPermissionFaults, productFaults } from './template-draft-products.js';
import type { TemplateDraft } from './template-draft.js';
import type { Template, TemplateButton, TemplateCard } from './templates.js';

type DraftButton = TemplateDraft['buttons'][number];

/**
 * A template as the form that makes templates shows it; null where it has parts that the form does not know and would lose.
 * The sample of a picture, film or document is not given back by Meta: it must be given anew.
 */
export function templateDraftOf(template: Template): TemplateDraft | null {
  const { name, language, category, parameterFormat, header, body, footer, offer, callPermissionRequest } = template;
  if (category === 'unknown' || header?.format === 'other' || template.hasUnknownParts) return null;
  const shared = { name, language, category, parameterFormat };
  if (template.code) return codeDraftOf(shared, template);
  const buttons = template.buttons.map(toButton);
  const cards = template.cards.map(toCard);
  if (!buttons.every((button) => button !== null) || !cards.every((card) => card !== null)) return null;
  const draft: TemplateDraft = {
    ...shared,
    header: header && {
      format: header.format,
      ...(header.format === 'text' && {
        text: header.text ?? '',
        samples: samplesOf(header.variable ? [header.variable] : []),
      }),
    },
    body: { text: body.text, samples: samplesOf(body.variables) },
    footer,
    buttons,
    offer,
    cards,
    callPermissionRequest,
    code: null,
  };
  // Products and requests to call beside what Meta does not document for them: the form would take it off.
  return productFaults(draft).length + callPermissionFaults(draft).length > 0 ? null : draft;
}

type Shared = Pick<TemplateDraft, 'name' | 'language' | 'category' | 'parameterFormat'>;

/** Null where Meta does not tell how the code is handed on: it would become another way. */
function codeDraftOf(shared: Shared, { code, buttons }: Template): TemplateDraft | null {
  if (!code?.delivery) return null;
  const { delivery, securityAdvice, expiresInMinutes, autofillText, apps } = code;
  return {
    ...shared,
    header: null,
    body: { text: '', samples: {} },
    footer: null,
    buttons: [],
    offer: null,
    cards: [],
    callPermissionRequest: false,
    code: {
      securityAdvice,
      expiresInMinutes,
      buttonText: buttons.find(({ type }) => type === 'otp')?.text ?? '',
      delivery,
      autofillText: autofillText ?? '',
      apps,
      // Given anew with every change, as Meta wants it.
      termsAccepted: false,
    },
  };
}

function toCard({ format, body, buttons: given }: TemplateCard): TemplateDraft['cards'][number] | null {
  const buttons = given.map(toButton);
  const isWorded = format === 'product' && body !== null;
  if (format === 'other' || isWorded || !buttons.every((button) => button !== null)) return null;
  return { header: { format }, body: body && { text: body.text, samples: samplesOf(body.variables) }, buttons };
}

const samplesOf = (variables: Template['body']['variables']): Record<string, string> =>
  Object.fromEntries(variables.map(({ name, example }) => [name, example ?? '']));

function toButton({ type, text, url, phoneNumber, variable, flow }: TemplateButton): DraftButton | null {
  const sample = variable?.example ?? '';
  switch (type) {
    case 'quick_reply':
      return { type, text };
    case 'phone_number':
      return { type, text, phoneNumber: phoneNumber ?? '' };
    case 'copy_code':
      return { type, sample };
    case 'url': {
      const fixed = url?.split('{{')[0] ?? '';
      // Meta gives the whole address for a sample, or its end alone.
      return {
        type,
        text,
        url: url ?? '',
        ...(variable && { sample: sample.startsWith(fixed) ? sample.slice(fixed.length) : sample }),
      };
    }
    case 'call':
    case 'catalog':
      return { type, text };
    case 'contact_info':
    case 'product':
    case 'product_list':
      return { type };
    case 'flow':
      return flow ? { type, text, flowId: flow.id, flowScreen: flow.screen ?? '' } : null;
    default:
      return null;
  }
}

import type { Json } from '../core/json.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { buttonsOf, templateVariables, type TemplateCard, type TemplateDefinition } from '../state/templates.ts';
import { page } from './paging.ts';

/** `GET /{waba}/message_templates`, filtered by name, paged by cursor. */
export function listTemplates(state: SimulatorState, businessAccountId: string, query: URLSearchParams): Json {
  const name = query.get('name');
  const status = query.get('status');
  const language = query.get('language');
  const category = query.get('category');
  const templates = state.templates.filter(
    (template) =>
      (template.businessAccountId === undefined || template.businessAccountId === businessAccountId) &&
      (name === null || template.name.includes(name)) &&
      (language === null || template.language === language) &&
      (category === null || template.category === category.toUpperCase()) &&
      (status === null || template.status === status),
  );
  return page(templates.map(showTemplate), query);
}

/** A template as Graph shows it, in a list or by its id. */
export function showTemplate(template: TemplateDefinition): Json {
  const isNamed = templateVariables(template.body).some((variable) => !/^\d+$/.test(variable));
  return {
    name: template.name,
    parameter_format: template.parameterFormat ?? (isNamed ? 'NAMED' : 'POSITIONAL'),
    components: template.components ?? componentsOf(template),
    language: template.language,
    status: template.status,
    category: template.category,
    quality_score: { score: template.quality ?? 'UNKNOWN' },
    rejected_reason: template.rejectedReason ?? 'NONE',
    id: template.id,
  };
}

function componentsOf({ header, body, footer, offer, cards, buttons, asksToCall }: TemplateDefinition): Json[] {
  const offerPart = offer && { text: offer.text, has_expiration: offer.hasExpiration };
  return [
    ...(header ? [{ type: 'HEADER', format: header.format, ...(header.text && { text: header.text }) }] : []),
    ...(offerPart ? [{ type: 'LIMITED_TIME_OFFER', limited_time_offer: offerPart }] : []),
    { type: 'BODY', text: body },
    ...(footer ? [{ type: 'FOOTER', text: footer }] : []),
    ...buttonsPart({ buttons }),
    ...(cards ? [{ type: 'CAROUSEL', cards: cards.map((card) => ({ components: cardComponents(card) })) }] : []),
    ...(asksToCall ? [{ type: 'CALL_PERMISSION_REQUEST' }] : []),
  ];
}

const cardComponents = ({ format, body, buttons }: TemplateCard): Json[] => [
  { type: 'HEADER', format },
  ...(body === undefined ? [] : [{ type: 'BODY', text: body }]),
  ...buttonsPart({ buttons }),
];

function buttonsPart(of: { buttons: TemplateDefinition['buttons'] }): Json[] {
  const buttons = buttonsOf(of).map(({ type, text, url, phone }) => ({
    type,
    text,
    ...(url !== undefined && {
      url,
      ...(templateVariables(url).length > 0 && { example: [`${url.split('{{')[0]}8841`] }),
    }),
    ...(phone !== undefined && { phone_number: phone }),
    ...(type === 'COPY_CODE' && { example: 'BOOKS10' }),
    ...(type === 'OTP' && { otp_type: 'COPY_CODE' }),
  }));
  return buttons.length > 0 ? [{ type: 'BUTTONS', buttons }] : [];
}

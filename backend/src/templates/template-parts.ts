import { type Template, type TemplateBlock, type TemplateHeaderFormat, templateHeaderFormats } from '@parley/contract';
import {
  bodyOf,
  type Component,
  componentsSchema,
  find,
  handingOf,
  headerVariableOf,
  type Part,
  toButton,
} from './template-components.js';
import type { TemplateRow } from './template.row.js';

type Parts = Pick<
  Template,
  'header' | 'body' | 'footer' | 'buttons' | 'offer' | 'cards' | 'callPermissionRequest' | 'code'
>;

const SENDABLE = 'approved';
const KNOWN_PARTS: ReadonlySet<string> = new Set([
  'HEADER',
  'BODY',
  'FOOTER',
  'BUTTONS',
  'LIMITED_TIME_OFFER',
  'CAROUSEL',
  'CALL_PERMISSION_REQUEST',
]);

/** The template as everybody gets it: its components taken apart. Nothing in them can make it throw. */
export function toTemplate(row: TemplateRow): Template {
  const components = componentsSchema.parse(row.components ?? []);
  const parts = partsOf(components);
  return {
    id: row.id,
    businessAccountId: row.businessAccountId,
    name: row.name,
    language: row.language,
    category: row.category,
    upcomingCategory: row.upcomingCategory && {
      category: row.upcomingCategory,
      at: row.upcomingCategoryAt?.toISOString() ?? null,
    },
    status: row.status,
    statusReason: row.statusReason,
    statusDetail: row.statusDetail,
    quality: row.quality,
    parameterFormat: row.parameterFormat,
    ...parts,
    hasUnknownParts: components.some(({ type }) => !KNOWN_PARTS.has(type.toUpperCase())),
    blockedBy: blockOf(row, components, parts),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function partsOf(components: readonly Component[]): Parts {
  const body = find(components, 'BODY');
  const footer = find(components, 'FOOTER');
  const offer = find(components, 'LIMITED_TIME_OFFER');
  const listed = find(components, 'BUTTONS')?.buttons ?? [];
  const buttons = listed.map(toButton);
  const otp = listed.find((_button, index) => buttons[index]?.type === 'otp');
  return {
    header: headerOf(find(components, 'HEADER')),
    body: body ? withCode(bodyOf(body), buttons) : { text: '', variables: [] },
    footer: footer?.text ? footer.text : null,
    buttons,
    offer: offer && {
      text: offer.limited_time_offer?.text ?? '',
      hasExpiration: offer.limited_time_offer?.has_expiration ?? false,
    },
    code: otp
      ? {
          securityAdvice: body?.add_security_recommendation ?? false,
          expiresInMinutes: footer?.code_expiration_minutes ?? null,
          ...handingOf(otp),
        }
      : null,
    callPermissionRequest: find(components, 'CALL_PERMISSION_REQUEST') !== null,
    cards: (find(components, 'CAROUSEL')?.cards ?? []).map(({ components: parts }) => toCard(parts)),
  };
}

/** Meta wants the code for the text too, also where the text it lists does not show where. */
function withCode(body: Template['body'], buttons: Template['buttons']): Template['body'] {
  const isCode = buttons.some(({ type }) => type === 'otp');
  return isCode && body.variables.length === 0 ? { ...body, variables: [{ name: '1', example: null }] } : body;
}

function headerOf(header: Part | null): Template['header'] {
  if (!header) return null;
  const word = header.format.toLowerCase() || 'text';
  const format: TemplateHeaderFormat = templateHeaderFormats.find((known) => known === word) ?? 'other';
  const isText = format === 'text';
  return { format, text: isText ? header.text : null, variable: isText ? headerVariableOf(header) : null };
}

function toCard(parts: readonly Part[]): Template['cards'][number] {
  const body = find(parts, 'BODY');
  const word = find(parts, 'HEADER')?.format.toLowerCase();
  return {
    format: word === 'image' || word === 'video' || word === 'product' ? word : 'other',
    body: body?.text ? bodyOf(body) : null,
    buttons: (find(parts, 'BUTTONS')?.buttons ?? []).map(toButton),
  };
}

function blockOf(row: TemplateRow, read: readonly Component[], parts: Parts): TemplateBlock | null {
  const { header, body, buttons, cards } = parts;
  if (row.status !== SENDABLE) return 'status';
  if (row.components === null || body.text === '') return 'incomplete';
  const isUnknown =
    header?.format === 'other' ||
    (cards.length === 0 && find(read, 'CAROUSEL') !== null) ||
    cards.some(({ format }) => format === 'other') ||
    [...buttons, ...cards.flatMap((card) => card.buttons)].some(({ type }) => type === 'other');
  return isUnknown ? 'unsupported' : null;
}

import type { TemplateDraft } from '@parley/contract';
import type { DraftButton } from './template-texts.js';

/** What a template may be besides words with a header and buttons. */
export type TemplateKind = 'plain' | 'offer' | 'carousel' | 'product' | 'product_list' | 'call_permission';
/** What can be chosen to stand above the text: a product comes with its kind. */
export type HeaderFormat = Exclude<NonNullable<TemplateDraft['header']>['format'], 'product'> | 'none';

/** What of the form a kind has; its own fields (an offer's heading, cards) come with the kind. */
interface KindParts {
  /** What may stand above the text, what is first chosen first; none = nothing, or what the kind brings itself. */
  headers: readonly HeaderFormat[];
  hasFooter: boolean;
  /** Which buttons can be added; none = it has none, or one that WhatsApp words. */
  buttons: readonly DraftButton['type'][];
}

const HEADERS = ['none', 'text', 'image', 'video', 'document', 'location'] as const;
const BUTTONS = ['quick_reply', 'url', 'phone_number', 'copy_code', 'flow', 'call', 'contact_info', 'catalog'] as const;

export const KIND_PARTS: Readonly<Record<TemplateKind, KindParts>> = {
  plain: { headers: HEADERS, hasFooter: true, buttons: BUTTONS },
  offer: { headers: ['none', 'image', 'video'], hasFooter: false, buttons: ['copy_code', 'url'] },
  carousel: { headers: [], hasFooter: false, buttons: [] },
  product: { headers: [], hasFooter: true, buttons: [] },
  product_list: { headers: ['text'], hasFooter: true, buttons: [] },
  call_permission: { headers: HEADERS, hasFooter: true, buttons: [] },
};

/** What a template of a category may be: what advertises is marketing. */
const SERVICE_KINDS = ['plain', 'call_permission'] as const;
const MARKETING_KINDS = ['plain', 'offer', 'carousel', 'product', 'product_list', 'call_permission'] as const;
export const kindsOf = (category: TemplateDraft['category']): readonly TemplateKind[] =>
  category === 'marketing' ? MARKETING_KINDS : SERVICE_KINDS;

/** What stands above the text: what was chosen, where the kind has it; else what was chosen waits until the kind is. */
export function headerFormatOf(kind: TemplateKind, chosen: HeaderFormat): HeaderFormat {
  const { headers } = KIND_PARTS[kind];
  return headers.includes(chosen) ? chosen : (headers[0] ?? 'none');
}

/** The kind that was chosen, where its category has it; else what was chosen waits until the category is. */
export const kindOf = ({ category, kind }: Pick<TemplateDraft, 'category'> & { kind: TemplateKind }): TemplateKind =>
  kindsOf(category).includes(kind) ? kind : 'plain';

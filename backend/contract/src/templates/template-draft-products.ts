import { type DraftFault, fault } from './template-draft-fault.js';
import type { TemplateDraft } from './template-draft.js';

/**
 * A template of one product shows it above its text, one of several products has words there; both are marketing, and have
 * a single button, which the phone words (Meta: single-product and multi-product message templates).
 */
export function productFaults({ category, header, buttons }: TemplateDraft): DraftFault[] {
  const hasProduct = header?.format === 'product';
  const kinds = buttons.map(({ type }) => type);
  const isOne = hasProduct || kinds.includes('product');
  const isList = kinds.includes('product_list');
  if (!isOne && !isList) return [];
  const wanted = isOne ? 'product' : 'product_list';
  return [
    ...(category === 'marketing' ? [] : [fault('category', 'not_here')]),
    ...(isOne && !hasProduct ? [fault('header', header ? 'not_here' : 'missing')] : []),
    ...(isList && !isOne && header === null ? [fault('header.text', 'missing')] : []),
    ...(isList && !isOne && header && header.format !== 'text' ? [fault('header', 'not_here')] : []),
    ...(kinds.join() === wanted ? [] : [fault('buttons', 'product_buttons')]),
  ];
}

/** A request to call stands alone below the words (Meta: call permission request message templates). */
export const callPermissionFaults = (draft: TemplateDraft): DraftFault[] =>
  draft.callPermissionRequest
    ? [
        ...(draft.buttons.length > 0 ? [fault('buttons', 'not_here')] : []),
        ...(draft.offer ? [fault('offer', 'not_here')] : []),
        ...(draft.cards.length > 0 ? [fault('cards', 'not_here')] : []),
      ]
    : [];

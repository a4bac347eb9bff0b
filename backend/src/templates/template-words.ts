import {
  templateCategories,
  type TemplateCategory,
  templateQualities,
  type TemplateQuality,
  templateStatuses,
  type TemplateStatus,
} from '@parley/contract';

/** Events that say of a template something else than their own name. */
const STATUS_OF_EVENT: Readonly<Record<string, TemplateStatus>> = {
  reinstated: 'approved',
  unarchived: 'approved',
  // Still sent, and watched by Meta.
  flagged: 'approved',
};

/** Meta's words for a status or an event, in any case. */
export function statusOf(word: string | null): TemplateStatus {
  const known = word?.toLowerCase() ?? '';
  return STATUS_OF_EVENT[known] ?? oneOf(templateStatuses, known) ?? 'unknown';
}

export const qualityOf = (word: string | null): TemplateQuality => oneOf(templateQualities, word) ?? 'unknown';

export const categoryOf = (word: string | null): TemplateCategory | null => oneOf(templateCategories, word);

/** Webhooks write `en-US` where sends want `en_US`. */
export const languageOf = (code: string): string => code.replaceAll('-', '_');

function oneOf<Word extends string>(words: readonly Word[], word: string | null): Word | null {
  const wanted = word?.toLowerCase();
  return words.find((known) => known === wanted) ?? null;
}

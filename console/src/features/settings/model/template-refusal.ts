import { ApiError } from '../../../shared/api-error.js';

/** Why something about a template was not done: what is behind it, what Meta said, and which template is in the way. */
export interface TemplateTrouble {
  /** A key below `making.refusal`; null = the words of every error serve. */
  key: string | null;
  /** Meta's own words. */
  words: string | null;
  existingId: string | null;
}

/** What the problem document of an error says of it. */
export function troubleOf(error: unknown): TemplateTrouble {
  const { code, problem } = error instanceof ApiError ? error : { code: null, problem: null };
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  if (code === 'template.refused') {
    return { key: text(problem?.['reason']) ?? 'other', words: text(problem?.['metaMessage']), existingId: null };
  }
  if (code === 'template.exists') return { key: 'exists', words: null, existingId: text(problem?.['templateId']) };
  if (code === 'template.unsure') return { key: 'unsure', words: null, existingId: null };
  return { key: null, words: null, existingId: null };
}

import { ApiError } from '../../../shared/api-error.js';
import { errorText } from '../../../shared/error-text.js';

/** Codes of Meta's that a new number meets, by the names of their texts (Cloud API, error codes). */
const TEXTS: Readonly<Record<number, string>> = {
  133_005: 'pin',
  133_006: 'notVerified',
  133_010: 'notRegistered',
  133_016: 'tooOften',
};

/** Why Meta refused something about a number: a text of ours where there is one, else what Meta wrote. */
export function refusalOf(error: unknown): { key: string | null; text: string; said: string | null } {
  const problem = error instanceof ApiError ? error.problem : null;
  const code: unknown = problem?.['metaCode'];
  const said: unknown = problem?.['said'];
  const name = typeof code === 'number' ? TEXTS[code] : undefined;
  return {
    key: name === undefined ? null : `numbers.refused.${name}`,
    text: errorText(error),
    said: name === undefined && typeof said === 'string' ? said : null,
  };
}

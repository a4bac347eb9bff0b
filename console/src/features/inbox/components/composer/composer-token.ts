import type { DraftMode } from '@parley/contract';

/** A word being typed that asks for a list: `/` for a ready-made reply, `@` a colleague, `:` an emoji, `{{` what is known. */
export interface ComposerToken {
  kind: 'canned' | 'mention' | 'emoji' | 'variable';
  query: string;
  start: number;
  end: number;
}

const SIGNS = { '/': 'canned', '@': 'mention', ':': 'emoji' } as const;
/** Two signs at least, the first no digit: `:D` and `at :30` ask for nothing. */
const EMOJI_NAME = /^[\p{L}+-][\p{L}\p{N}_+-]+$/u;
const LONGEST = 40;
/** A variable whose braces are not closed yet. */
const VARIABLE = /\{\{\s?([\p{L}\d._]*)$/u;

/**
 * The token that ends at the caret. A ready-made reply is asked for at the beginning of a line only, so that a date or
 * an address never opens the list; a colleague anywhere after a blank, and in notes only; an emoji after a blank by the
 * beginning of its name; what is known of the customer anywhere in a reply.
 */
export function tokenAt(text: string, caret: number, mode: DraftMode): ComposerToken | null {
  const before = text.slice(Math.max(0, caret - LONGEST), caret);
  const variable = mode === 'reply' ? VARIABLE.exec(before) : null;
  if (variable) {
    const [whole, query = ''] = variable;
    return { kind: 'variable', query, start: caret - whole.length, end: caret };
  }
  const match = /(^|\n|[\s(])([/@:])([\p{L}\p{N}_.+-]*(?: [\p{L}\p{N}_.-]*)?)$/u.exec(before);
  if (!match) return null;
  const [, lead = '', sign = '', query = ''] = match;
  const kind = SIGNS[sign as keyof typeof SIGNS];
  const start = caret - query.length - 1;
  if (kind === 'emoji' && !EMOJI_NAME.test(query)) return null;
  if (kind === 'mention' && mode === 'reply') return null;
  if (kind === 'canned' && ((lead !== '' && lead !== '\n') || query.includes(' '))) return null;
  if (kind === 'canned' && lead === '' && start > 0) return null;
  return { kind, query, start, end: caret };
}

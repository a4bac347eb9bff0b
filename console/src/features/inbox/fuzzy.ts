/** Folds case and accents, as the server's search does. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

const PREFIX = 100;
const WORD = 60;
const INSIDE = 30;

/**
 * How well `query` fits a text: 0 = not at all. The beginning beats the beginning of a word, that beats the middle, and
 * letters in order with gaps come last.
 */
export function fuzzyScore(query: string, text: string): number {
  const wanted = fold(query.trim());
  const found = fold(text);
  if (wanted === '') return 1;
  const at = found.indexOf(wanted);
  if (at === 0) return PREFIX;
  if (at > 0) return /[\p{L}\p{N}]/u.test(found.charAt(at - 1)) ? INSIDE : WORD;
  let from = 0;
  for (const letter of wanted.replace(/\s+/gu, '')) {
    const next = found.indexOf(letter, from);
    if (next < 0) return 0;
    from = next + 1;
  }
  return Math.max(1, 20 - (from - wanted.length));
}

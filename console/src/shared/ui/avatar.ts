/** How many tints an avatar may take; `UiAvatar` lists them. */
export const AVATAR_TINTS = 6;

/** Made when a name first needs it: that takes a slow machine a tenth of a second, and most names do not. */
let segmenter: Intl.Segmenter | undefined;

/** One or two letters that stand for a name; '#' for a bare phone number, '?' for nothing at all. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.filter((word) => /^[\p{L}\p{Extended_Pictographic}]/u.test(word));
  if (letters.length === 0) return words.length > 0 ? '#' : '?';
  const picked = letters.length === 1 ? [letters[0]] : [letters[0], letters.at(-1)];
  return picked.map((word) => firstGrapheme(word ?? '').toLocaleUpperCase()).join('');
}

/** The same person has the same tint on every screen and after every reload. */
export function tintOf(seed: string): number {
  let hash = 0;
  for (const character of seed) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % AVATAR_TINTS;
}

function firstGrapheme(word: string): string {
  // Nothing joins an ASCII letter but what is not ASCII.
  if (/^[a-z](?:[\0-\x7f]|$)/iu.test(word)) return word.charAt(0);
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(word)) return segment;
  return '';
}

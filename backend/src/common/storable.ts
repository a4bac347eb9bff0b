/** Text as PostgreSQL can hold it: no NUL, no lone surrogates. No phone shows either. */
export const toStorable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/** At most so many characters, never half of one. */
export const clip = (text: string, maxChars: number): string =>
  text.length <= maxChars ? text : text.slice(0, maxChars).toWellFormed();

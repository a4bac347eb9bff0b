const OFFERED = 'ar de en es fr hi id it ja ko nl pl pt-BR pt-PT ru tr zh'.split(' ');

interface Language {
  /** BCP 47 tag. */
  code: string;
  name: string;
}

const offeredIn = new Map<string, readonly Language[]>();

/** A language by its name in another one; by its tag if the browser knows no name. */
export const nameIn = (locale: string, code: string): Language => ({
  code,
  name: new Intl.DisplayNames([locale], { type: 'language' }).of(code) ?? code,
});

/** The languages that a customer is offered to have, by name. Sorted once: a panel asks with every thread that is opened. */
export function languagesIn(locale: string): readonly Language[] {
  const known = offeredIn.get(locale);
  if (known) return known;
  const { compare } = new Intl.Collator(locale);
  const languages = OFFERED.map((code) => nameIn(locale, code)).sort((a, b) => compare(a.name, b.name));
  offeredIn.set(locale, languages);
  return languages;
}

import type { Composer } from 'vue-i18n';

/**
 * Makes `t` remember texts without values: most of what a screen says, asked for again with every row that is drawn, and
 * worked out each time from its key and its message. What is missing is asked for anew, as it may come with a part of the
 * console that is fetched later. Returns how to forget all of it, for when texts change.
 */
export function rememberTexts(composer: Pick<Composer, 't' | 'locale'>): () => void {
  const textsByLocale = new Map<string, Map<string, string>>();
  const translate = composer.t as (key: string, ...values: unknown[]) => string;

  function remembered(key: string, ...values: unknown[]): string {
    if (values.length > 0) return translate(key, ...values);
    const locale = composer.locale.value; // whoever shows the text follows the language
    const texts = textsByLocale.get(locale) ?? new Map<string, string>();
    textsByLocale.set(locale, texts);
    const known = texts.get(key);
    if (known !== undefined) return known;
    const text = translate(key);
    if (text !== key) texts.set(key, text);
    return text;
  }

  composer.t = remembered;
  return () => textsByLocale.clear();
}

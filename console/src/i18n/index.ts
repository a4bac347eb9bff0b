import { createI18n } from 'vue-i18n';

/** The languages of the console; a new one needs its folder under `locales/` and a line in each table here. */
export const locales = [
  { code: 'en', name: 'English', dir: 'ltr' },
  { code: 'ar', name: 'العربية', dir: 'rtl' },
] as const;
export type LocaleCode = (typeof locales)[number]['code'];

const loaders = {
  en: () => import('./locales/en.js'),
  ar: () => import('./locales/ar.js'),
} satisfies Record<LocaleCode, () => Promise<unknown>>;

export const isLocaleCode = (code: string): code is LocaleCode => code in loaders;

/** The language to start with: the one chosen before, else the browser's, else English. */
export function initialLocale(remembered: string | null, preferred: readonly string[]): LocaleCode {
  if (remembered !== null && isLocaleCode(remembered)) return remembered;
  for (const tag of preferred) {
    const code = tag.slice(0, 2).toLowerCase();
    if (isLocaleCode(code)) return code;
  }
  return 'en';
}

const arabicForms: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];
const arabicRules = new Intl.PluralRules('ar');

/** Which of the forms written in an Arabic message fits a number; messages with fewer than six forms use the last. */
export const arabicPluralForm = (n: number, formCount: number): number =>
  Math.min(arabicForms.indexOf(arabicRules.select(n)), formCount - 1);

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  pluralRules: { ar: arabicPluralForm },
});

const loadedLocales = new Set<LocaleCode>();

/** Loads a language when it is first used, then switches every text and the direction of the page. */
export async function setLocale(code: LocaleCode): Promise<void> {
  if (!loadedLocales.has(code)) {
    i18n.global.setLocaleMessage(code, (await loaders[code]()).default);
    loadedLocales.add(code);
  }
  i18n.global.locale.value = code;
  document.documentElement.lang = code;
  document.documentElement.dir = locales.find((locale) => locale.code === code)?.dir ?? 'ltr';
}

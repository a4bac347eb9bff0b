import { createI18n } from 'vue-i18n';
import { rememberTexts } from './remember-texts.js';

/** The languages of the console; a new one needs its folder under `locales/` and a line in each table here. */
export const locales = [
  { code: 'en', name: 'English', dir: 'ltr' },
  { code: 'es', name: 'Español', dir: 'ltr' },
  { code: 'pt-BR', name: 'Português', dir: 'ltr' },
  { code: 'ar', name: 'العربية', dir: 'rtl' },
] as const;
export type LocaleCode = (typeof locales)[number]['code'];

const loaders = {
  en: () => import('./locales/en.js'),
  es: () => import('./locales/es.js'),
  'pt-BR': () => import('./locales/pt-BR.js'),
  ar: () => import('./locales/ar.js'),
} satisfies Record<LocaleCode, () => Promise<unknown>>;

/** Texts of screens that few open: fetched with the screen, not with the first page. */
const areas = {
  board: {
    en: () => import('./locales/en/board.json'),
    es: () => import('./locales/es/board.json'),
    'pt-BR': () => import('./locales/pt-BR/board.json'),
    ar: () => import('./locales/ar/board.json'),
  },
  desk: {
    en: () => import('./locales/en/desk.json'),
    es: () => import('./locales/es/desk.json'),
    'pt-BR': () => import('./locales/pt-BR/desk.json'),
    ar: () => import('./locales/ar/desk.json'),
  },
  failures: {
    en: () => import('./locales/en/failures.json'),
    es: () => import('./locales/es/failures.json'),
    'pt-BR': () => import('./locales/pt-BR/failures.json'),
    ar: () => import('./locales/ar/failures.json'),
  },
  making: {
    en: () => import('./locales/en/making.json'),
    es: () => import('./locales/es/making.json'),
    'pt-BR': () => import('./locales/pt-BR/making.json'),
    ar: () => import('./locales/ar/making.json'),
  },
  media: {
    en: () => import('./locales/en/media.json'),
    es: () => import('./locales/es/media.json'),
    'pt-BR': () => import('./locales/pt-BR/media.json'),
    ar: () => import('./locales/ar/media.json'),
  },
  notify: {
    en: () => import('./locales/en/notify.json'),
    es: () => import('./locales/es/notify.json'),
    'pt-BR': () => import('./locales/pt-BR/notify.json'),
    ar: () => import('./locales/ar/notify.json'),
  },
  numbers: {
    en: () => import('./locales/en/numbers.json'),
    es: () => import('./locales/es/numbers.json'),
    'pt-BR': () => import('./locales/pt-BR/numbers.json'),
    ar: () => import('./locales/ar/numbers.json'),
  },
  offers: {
    en: () => import('./locales/en/offers.json'),
    es: () => import('./locales/es/offers.json'),
    'pt-BR': () => import('./locales/pt-BR/offers.json'),
    ar: () => import('./locales/ar/offers.json'),
  },
  settings: {
    en: () => import('./locales/en/settings.json'),
    es: () => import('./locales/es/settings.json'),
    'pt-BR': () => import('./locales/pt-BR/settings.json'),
    ar: () => import('./locales/ar/settings.json'),
  },
  templates: {
    en: () => import('./locales/en/templates.json'),
    es: () => import('./locales/es/templates.json'),
    'pt-BR': () => import('./locales/pt-BR/templates.json'),
    ar: () => import('./locales/ar/templates.json'),
  },
} satisfies Record<string, Record<LocaleCode, () => Promise<{ default: unknown }>>>;
export type TextArea = keyof typeof areas;

export const isLocaleCode = (code: string): code is LocaleCode => code in loaders;

const languageOf = (tag: string): string => tag.slice(0, 2).toLowerCase();

/** The language to start with: the one chosen before, else the browser's (in any country's form), else English. */
export function initialLocale(remembered: string | null, preferred: readonly string[]): LocaleCode {
  if (remembered !== null && isLocaleCode(remembered)) return remembered;
  for (const tag of preferred) {
    const known = locales.find(({ code }) => languageOf(code) === languageOf(tag));
    if (known) return known.code;
  }
  return 'en';
}

const arabicForms: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];
const arabicRules = new Intl.PluralRules('ar');

/** Which of the forms written in an Arabic message fits a number; messages with fewer than six forms use the last. */
export const arabicPluralForm = (n: number, formCount: number): number =>
  Math.min(arabicForms.indexOf(arabicRules.select(n)), formCount - 1);

/**
 * The plural rule of a language whose numbers are one, many (whole millions) or other. A message writes `one | other`,
 * `one | many | other`, or with a form for nothing in front `none | one | many | other`.
 */
function romancePluralForm(locale: string): (n: number, formCount: number) => number {
  const rules = new Intl.PluralRules(locale);
  return (n, formCount) => {
    if (formCount === 4 && n === 0) return 0;
    const form = rules.select(n);
    if (form === 'one') return formCount === 4 ? 1 : 0;
    return form === 'many' && formCount > 2 ? formCount - 2 : formCount - 1;
  };
}
export const spanishPluralForm = romancePluralForm('es');
export const portuguesePluralForm = romancePluralForm('pt-BR');

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  pluralRules: { ar: arabicPluralForm, es: spanishPluralForm, 'pt-BR': portuguesePluralForm },
});

const forgetTexts = rememberTexts(i18n.global);
const loadedLocales = new Set<LocaleCode>();

const shownAreas = new Set<TextArea>();

async function loadArea(area: TextArea, code: LocaleCode): Promise<void> {
  i18n.global.mergeLocaleMessage(code, (await areas[area][code]()).default as unknown as Record<string, never>);
  forgetTexts();
}

/** Adds the texts of a part of the console, now and in every language chosen later. */
export async function loadTexts(area: TextArea): Promise<void> {
  shownAreas.add(area);
  await loadArea(area, i18n.global.locale.value as LocaleCode);
}

/** A part of the console that is fetched when it is needed, together with its texts. */
export const withTexts = async <Part>(area: TextArea, part: Promise<Part>): Promise<Part> => {
  await Promise.all([part, loadTexts(area)]);
  return part;
};

/** Loads a language when it is first used, then switches every text and the direction of the page. */
export async function setLocale(code: LocaleCode): Promise<void> {
  if (!loadedLocales.has(code)) {
    i18n.global.setLocaleMessage(code, (await loaders[code]()).default);
    forgetTexts();
    loadedLocales.add(code);
  }
  await Promise.all([...shownAreas].map((area) => loadArea(area, code)));
  i18n.global.locale.value = code;
  document.documentElement.lang = code;
  document.documentElement.dir = locales.find((locale) => locale.code === code)?.dir ?? 'ltr';
}

import { useI18n } from 'vue-i18n';
import { categoryKey } from './rate-words.js';

/** How categories and markets are called on the screen. */
export function useRateWords() {
  const { t } = useI18n();
  return {
    categoryName: (category: string): string => {
      const key = categoryKey(category);
      return key === null ? category : t(key);
    },
    /** `+55`, with its sign on the left of it in every language. */
    marketName: (prefix: string): string => (prefix === '' ? t('costs.rates.everyOther') : `\u2066+${prefix}\u2069`),
  };
}

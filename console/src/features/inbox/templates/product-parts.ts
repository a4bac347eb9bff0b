import { defineAsyncComponent } from 'vue';
import { withTexts } from '../../../i18n/index.js';

/* What only templates with products need: fetched, with its texts, when such a template is filled in. */
export const KnownIdField = defineAsyncComponent(() =>
  withTexts('offers', import('../components/offers/KnownIdField.vue')),
);
export const ProductValues = defineAsyncComponent(() => withTexts('offers', import('./ProductValues.vue')));

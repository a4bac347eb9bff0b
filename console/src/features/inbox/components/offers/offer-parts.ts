import { defineAsyncComponent } from 'vue';
import { withTexts } from '../../../../i18n/index.js';

/* What only an offer below a file needs: fetched, with its texts, when one is to be chosen. */
export const HeaderFileField = defineAsyncComponent(() =>
  withTexts('templates', import('../../templates/HeaderFileField.vue')),
);

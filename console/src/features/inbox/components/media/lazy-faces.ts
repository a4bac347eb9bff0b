import { defineAsyncComponent } from 'vue';
import { withTexts } from '../../../../i18n/index.js';

/* Made once for all messages, like the parts of a bubble (`../lazy-parts.ts`). */
export const OfferFace = defineAsyncComponent(() => withTexts('offers', import('./OfferFace.vue')));
export const CardActs = defineAsyncComponent(() => import('./CardActs.vue'));
export const SaveAnswer = defineAsyncComponent(() => import('./SaveAnswer.vue'));

import { defineAsyncComponent } from 'vue';
import { withTexts } from '../../../i18n/index.js';

/** Made once: the panel is made anew for every conversation, and would show an empty place first each time. */
export const PanelGallery = defineAsyncComponent(() => withTexts('media', import('./PanelGallery.vue')));

import { defineAsyncComponent } from 'vue';
import { withTexts } from '../../../i18n/index.js';

/*
 * Parts of a thread that most messages do without. They are defined here, once for all bubbles: defined in a bubble's
 * setup each bubble would wait for its own, and come up empty first, every time it is scrolled into sight.
 */
export const NoteBubble = defineAsyncComponent(() => import('./message/NoteBubble.vue'));
export const HeldStrip = defineAsyncComponent(() => import('./message/HeldStrip.vue'));
export const RevokedContent = defineAsyncComponent(() => import('./message/RevokedContent.vue'));
export const MessageTrouble = defineAsyncComponent(() => withTexts('desk', import('./message/MessageTrouble.vue')));
export const MessageReact = defineAsyncComponent(() => withTexts('media', import('./media/MessageReact.vue')));
export const MessageFace = defineAsyncComponent(() => withTexts('media', import('./media/MessageFace.vue')));
export const MessageOrigin = defineAsyncComponent(() => withTexts('media', import('./media/MessageOrigin.vue')));
export const OfferEnds = defineAsyncComponent(() => withTexts('media', import('./media/OfferEnds.vue')));
export const CardStrip = defineAsyncComponent(() => withTexts('media', import('./media/CardStrip.vue')));

/** Fetches what may be needed first when there is no connection any more: why a message did not leave, and its undo. */
export const fetchOfflineParts = (): Promise<unknown> =>
  Promise.allSettled([withTexts('desk', import('./message/MessageTrouble.vue')), import('./message/HeldStrip.vue')]);

import type { ServicePrice } from '@parley/contract';
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { formatMoney } from '../../../shared/money.js';
import { useEntitiesStore } from '../entities.store.js';

/** What is known of a conversation's price holds so long: a month's free messages are not used up in a minute. */
const FRESH_MS = 60_000;

/**
 * A word on what a reply costs, once somebody writes one and the number's free messages of the month are nearly or all used
 * up; null while nothing need be said, or nothing is known. Asked for in the background: a failure is nobody's concern.
 */
export function useServicePrice(conversationId: () => string, isWriting: () => boolean): ComputedRef<string | null> {
  const entities = useEntitiesStore();
  const { t, locale } = useI18n();
  const known = shallowRef<{ id: string; at: number; answer: ServicePrice | null } | null>(null);

  watch(
    () => (isWriting() ? conversationId() : null),
    async (id) => {
      if (id === null || (known.value?.id === id && Date.now() - known.value.at < FRESH_MS)) return;
      known.value = { id, at: Date.now(), answer: null };
      const answer = await entities.api.servicePrice(id).catch(() => null);
      if (known.value.id === id) known.value = { ...known.value, answer };
    },
    { immediate: true },
  );

  return computed(() => {
    const answer = known.value?.id === conversationId() ? known.value.answer : null;
    if (answer?.standing === 'nearly') return t('composer.freeLeft', { n: answer.left ?? 0 }, answer.left ?? 0);
    if (answer?.standing !== 'beyond') return null;
    const { price } = answer.price;
    return price ? t('composer.costs', { price: formatMoney(price, locale.value, true) }) : t('composer.costsUnknown');
  });
}

import type { Price, Template } from '@parley/contract';
import { shallowRef, watch } from 'vue';
import { useEntitiesStore } from '../entities.store.js';
import type { TemplatePlace } from './template-place.js';

/**
 * What a template of each category would cost this customer now. Asked for with the window as it stands, and again when
 * it moves; until there is an answer, or when there is none, nothing is said.
 */
export function usePrices(conversation: () => TemplatePlace) {
  const entities = useEntitiesStore();
  const prices = shallowRef<readonly Price[] | null>(null);
  let asked = 0;

  watch(
    () => `${conversation().id} ${conversation().windowExpiresAt ?? ''}`,
    async () => {
      const mine = ++asked;
      prices.value = null;
      if (conversation().id === '') return;
      const list = await entities.api.prices(conversation().id).catch(() => null);
      if (mine === asked) prices.value = list?.items ?? null;
    },
    { immediate: true },
  );

  /** Null = not asked yet, or no answer. A category that nobody knows has no known price. */
  const priceOf = ({ category }: Pick<Template, 'category'>): Price | null =>
    prices.value &&
    (prices.value.find((price) => price.category === category) ?? { category, kind: 'unknown', price: null });
  return { priceOf };
}

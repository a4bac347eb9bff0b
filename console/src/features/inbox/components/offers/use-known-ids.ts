import type { Offerings } from '@parley/contract';
import { useDebounceFn } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { useEntitiesStore } from '../../entities.store.js';
import { knownOf, usedIds, type KnownIds } from './known-ids.js';
import type { OfferKind } from './offer-draft.js';
import type { ShopDraft } from './shop-draft.js';

const ASKED_AFTER_MS = 400;

/**
 * What can be named in an offer from a number: what was used before, and what Meta has. A form that is still empty begins
 * with what was used last. What Meta does not tell can be written all the same, so that nothing waits for it.
 */
export function useKnownIds(
  channelId: string,
  kind: OfferKind,
  draft: Pick<ShopDraft, 'catalogId'> & Partial<Pick<ShopDraft, 'flow'>>,
): ComputedRef<KnownIds> {
  const entities = useEntitiesStore();
  const used = usedIds(channelId);
  const listed = shallowRef<Pick<Offerings, 'flows' | 'catalogs' | 'products'>>({
    flows: [],
    catalogs: [],
    products: [],
  });
  const isNamed = kind === 'flow' || kind === 'product' || kind === 'product_list' || kind === 'catalog';
  if (kind === 'flow' && draft.flow) draft.flow.form ||= used.flows[0] ?? '';
  if (kind === 'product' || kind === 'product_list') draft.catalogId ||= used.catalogs[0] ?? '';

  async function load(): Promise<void> {
    const written = draft.catalogId.trim();
    // The products of the cover are those of the one catalogue that a number shows.
    const catalog = kind === 'catalog' ? (listed.value.catalogs[0]?.id ?? '') : written;
    try {
      const answer = await entities.api.offerings(channelId, /^\d{1,64}$/.test(catalog) ? catalog : undefined);
      if (written === draft.catalogId.trim()) listed.value = answer;
    } catch {
      // What was used before stays on offer, and any id can be written.
    }
  }
  const reload = useDebounceFn(load, ASKED_AFTER_MS);
  if (isNamed) {
    void load().then(() => {
      const [only, ...others] = listed.value.catalogs;
      if (!only || kind === 'flow') return;
      if (kind === 'catalog') void load();
      else if (others.length === 0) draft.catalogId ||= only.id;
    });
    watch(() => draft.catalogId, reload);
  }
  return computed(() => ({
    flows: knownOf(used.flows, listed.value.flows),
    catalogs: knownOf(used.catalogs, listed.value.catalogs),
    products: knownOf(used.products, listed.value.products),
  }));
}

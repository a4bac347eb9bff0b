import type { Offerings, UsedOfferings } from '@parley/contract';
import { useDebounceFn } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { useEntitiesStore } from '../../entities.store.js';
import { firstCatalog, knownOf, lastForm, type KnownIds } from './known-ids.js';
import type { OfferKind } from './offer-draft.js';
import type { ShopDraft } from './shop-draft.js';

const ASKED_AFTER_MS = 400;
const NONE = { flows: [], catalogs: [], products: [] };

/**
 * What can be named in an offer from a number: what was sent from it before, and what Meta has. A form that is still empty
 * begins with what is most likely. What nobody tells can be written all the same, so that nothing waits for it.
 */
export function useKnownIds(
  channelId: string,
  kind: OfferKind,
  draft: Pick<ShopDraft, 'catalogId'> & Partial<Pick<ShopDraft, 'flow'>>,
): ComputedRef<KnownIds> {
  const { api } = useEntitiesStore();
  const used = shallowRef<UsedOfferings>(NONE);
  const listed = shallowRef<Pick<Offerings, 'flows' | 'catalogs' | 'products'>>(NONE);
  const isNamed = kind === 'flow' || kind === 'product' || kind === 'product_list' || kind === 'catalog';
  if (kind === 'flow' && draft.flow) draft.flow.form ||= lastForm(channelId).value;

  async function load(): Promise<void> {
    const written = draft.catalogId.trim();
    // The products of the cover are those of the one catalogue that a number shows.
    const catalog = kind === 'catalog' ? (listed.value.catalogs[0]?.id ?? '') : written;
    const asked = /^\d{1,64}$/.test(catalog) ? catalog : undefined;
    const isAsked = (): boolean => written === draft.catalogId.trim();
    // Meta may be slow, or tell nothing: neither waits for the other.
    await Promise.allSettled([
      api.usedOfferings(channelId, asked).then((answer) => isAsked() && (used.value = answer)),
      api.offerings(channelId, asked).then((answer) => isAsked() && (listed.value = answer)),
    ]);
  }
  const reload = useDebounceFn(load, ASKED_AFTER_MS);
  if (isNamed) {
    void load().then(() => {
      if (kind === 'product' || kind === 'product_list') {
        draft.catalogId ||= firstCatalog(listed.value.catalogs, used.value.catalogs);
      } else if (kind === 'catalog' && listed.value.catalogs.length > 0) void load();
    });
    watch(() => draft.catalogId, reload);
  }
  return computed(() => ({
    flows: knownOf(used.value.flows, listed.value.flows),
    catalogs: knownOf(used.value.catalogs, listed.value.catalogs),
    products: knownOf(used.value.products, listed.value.products),
  }));
}

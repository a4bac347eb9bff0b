import { stored } from '../../../../shared/stored.js';
import type { OfferKind } from './offer-draft.js';
import { idsOf, type ShopDraft } from './shop-draft.js';

/** Something made at Meta that a field can be filled with. */
export interface KnownId {
  id: string;
  name: string | null;
}
type KnownKind = 'flows' | 'catalogs' | 'products';
export type KnownIds = Readonly<Record<KnownKind, readonly KnownId[]>>;

type UsedIds = Readonly<Record<KnownKind, readonly string[]>>;

const KEPT = 12;
const NONE: UsedIds = { flows: [], catalogs: [], products: [] };
const storedFor = (channelId: string) => stored<UsedIds>(`parley.offers.used.${channelId}`, NONE);

/** What this browser sent from a number before, last used first. */
export const usedIds = (channelId: string): UsedIds => ({ ...NONE, ...storedFor(channelId).value });

/** Kept once it is sent, so that the number's next offer begins with it. */
export function rememberIds(channelId: string, kind: OfferKind, draft: ShopDraft): void {
  const before = usedIds(channelId);
  const after = (now: readonly string[], known: readonly string[]): string[] =>
    [...new Set([...now.map((id) => id.trim()).filter((id) => id !== ''), ...known])].slice(0, KEPT);
  const hasCatalog = kind === 'product' || kind === 'product_list';
  const product = kind === 'product' || kind === 'catalog' ? [draft.productId] : [];
  storedFor(channelId).value = {
    flows: after(kind === 'flow' ? [draft.flow.form] : [], before.flows),
    catalogs: after(hasCatalog ? [draft.catalogId] : [], before.catalogs),
    products: after(kind === 'product_list' ? draft.productSections.flatMap(idsOf) : product, before.products),
  };
}

/** The used ones first, each once, with the name that Meta has for it. */
export function knownOf(used: readonly string[], listed: readonly KnownId[]): KnownId[] {
  const names = new Map(listed.map(({ id, name }) => [id, name]));
  const first = used.map((id) => ({ id, name: names.get(id) ?? null }));
  return [...first, ...listed.filter(({ id }) => !used.includes(id))];
}

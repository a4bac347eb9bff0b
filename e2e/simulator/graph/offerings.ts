import type { Json } from '../core/json.ts';
import { unknownObject } from './errors.ts';
import { page } from './paging.ts';

/* What the simulated business sells: the same for every account. */

const CATALOG_ID = '610038847722091';
const CATALOGS: Json[] = [{ id: CATALOG_ID, name: 'Lantern Books shop' }];
const PRODUCTS: Json[] = [
  { id: '9001', retailer_id: 'LGB-ATLAS-07', name: 'Pocket atlas', price: '€39.90', currency: 'EUR' },
  { id: '9002', retailer_id: 'LGB-MAP-22', name: 'Map of the harbour', price: '€4.50', currency: 'EUR' },
  { id: '9003', retailer_id: 'LGB-GLOBE-03', name: 'Desk globe', price: '€85.00', currency: 'EUR' },
];

/** What the phones page needs to sell: products by the ids that orders name, with prices as numbers. */
export const shop = {
  catalogId: CATALOG_ID,
  products: PRODUCTS.map(({ retailer_id: id, name, price, currency }) => ({
    id: String(id),
    name: String(name),
    price: Number(String(price).replace(/[^\d.]/g, '')),
    currency: String(currency),
  })),
};

/** `GET /{waba}/product_catalogs` (Meta: commerce). */
export const listCatalogs = (query: URLSearchParams): Json => list(CATALOGS, query, ['id', 'name']);

export const isCatalog = (id: string): boolean => id === CATALOG_ID;

/** `GET /{catalog}/products` (Meta: commerce). */
export function catalogEdge(id: string, edge: string | undefined, method: string, query: URLSearchParams): Json {
  if (edge !== 'products' || method !== 'GET') throw unknownObject(method, id);
  return list(PRODUCTS, query, ['id', 'retailer_id', 'name']);
}

/** As Graph shows entries: the fields that were asked for, and always the id. */
function list(entries: readonly Json[], query: URLSearchParams, usual: readonly string[]): Json {
  const asked = query.get('fields')?.split(',') ?? usual;
  const shown = entries.map((entry) => {
    const fields = ['id', ...asked].filter((field) => field in entry).map((field) => [field, entry[field]]);
    return Object.fromEntries(fields) as Json;
  });
  return page(shown, query);
}

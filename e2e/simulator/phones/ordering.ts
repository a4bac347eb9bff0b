import { RequestError } from '../core/http.ts';
import { asJsonList, asText, type Json } from '../core/json.ts';
import { shop } from '../graph/offerings.ts';

const MOST_PIECES = 999;

/**
 * A basket `{ catalogId?, text?, items: [{ id, quantity }] }` as the message that Meta makes of it: each line with the
 * price that the catalogue has. (Meta: webhooks, messages, order.)
 */
export function orderOf(basket: Json): Json {
  const items = asJsonList(basket['items']).map(({ id, quantity }) => {
    const product = shop.products.find((one) => one.id === id);
    if (!product) throw new RequestError(400, 'The catalogue has no such product.');
    if (!Number.isInteger(quantity) || Number(quantity) < 1 || Number(quantity) > MOST_PIECES) {
      throw new RequestError(400, `Of a product 1 to ${String(MOST_PIECES)} pieces can be ordered.`);
    }
    return { product_retailer_id: product.id, quantity, item_price: product.price, currency: product.currency };
  });
  if (items.length === 0) throw new RequestError(400, 'Choose at least one product.');
  const text = asText(basket['text'])?.trim() ?? '';
  const catalogId = asText(basket['catalogId']) ?? shop.catalogId;
  return { type: 'order', order: { catalog_id: catalogId, ...(text !== '' && { text }), product_items: items } };
}

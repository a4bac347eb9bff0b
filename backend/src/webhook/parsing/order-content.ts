import type { Order } from '@parley/contract';
import { get, idAt, integerAt, type JsonObject, objectsAt, wordAt } from './json-values.js';

const MAX_LINES = 100;
const DECIMAL = /^\d{1,15}(\.\d{1,10})?$/;

/** A cart (Meta: messages webhook, order). Prices come as JSON floats and are kept in the digits that were written. */
export function orderOf(part: JsonObject | null): Order {
  const lines = objectsAt(part, 'product_items')
    .slice(0, MAX_LINES)
    .map((item) => {
      const quantity = integerAt(item, 'quantity');
      return {
        productId: idAt(item, 'product_retailer_id'),
        quantity: quantity !== null && quantity > 0 ? quantity : null,
        price: amountAt(item, 'item_price'),
        currency: wordAt(item, 'currency', 8),
      };
    });
  return { catalogId: idAt(part, 'catalog_id'), lines, total: totalOf(lines) };
}

function totalOf(lines: Order['lines']): Order['total'] {
  const currency = lines[0]?.currency ?? null;
  if (currency === null || lines.some((line) => line.currency !== currency)) return null;
  let places = 0;
  for (const { price } of lines) places = Math.max(places, price?.split('.')[1]?.length ?? 0);
  let sum = 0n;
  for (const { price, quantity } of lines) {
    if (price === null || quantity === null) return null;
    const [whole = '0', fraction = ''] = price.split('.');
    sum += BigInt(whole + fraction.padEnd(places, '0')) * BigInt(quantity);
  }
  const digits = sum.toString().padStart(places + 1, '0');
  const amount = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return { amount, currency };
}

/** JavaScript writes a float in the fewest digits that mean it, so 39.9 stays 39.9; 1e21 is no price. */
function amountAt(item: JsonObject, key: string): string | null {
  const value = get(item, key);
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return DECIMAL.test(text) ? text : null;
}

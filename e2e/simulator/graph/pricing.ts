import type { Json } from '../core/json.ts';

/** Free service messages per business number and month, since 1 October 2026 (Meta: pricing). */
const FREE_SERVICE_MESSAGES = 1_000;

/** The `pricing` object of a status: per message since July 2025, service messages free up to a monthly number. */
export function pricingOf(
  serviceMessages: Map<string, number>,
  phoneNumberId: string,
  templateCategory: string | undefined,
): Json {
  if (templateCategory !== undefined) return pricing('regular', templateCategory.toLowerCase());
  const key = `${phoneNumberId}:${new Date().toISOString().slice(0, 7)}`;
  const count = (serviceMessages.get(key) ?? 0) + 1;
  serviceMessages.set(key, count);
  return pricing(count > FREE_SERVICE_MESSAGES ? 'regular' : 'free_customer_service', 'service');
}

function pricing(type: string, category: string): Json {
  return { billable: type === 'regular', pricing_model: 'PMP', type, category };
}

import type { Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { type Customer, shownWaId } from '../state/customers.ts';

/** One change on its way to a business: a `value` with the account and the field it belongs to. */
export interface Update {
  businessAccountId: string;
  phoneNumberId: string;
  field: string;
  value: Json;
  /** Seconds since 1970; Meta writes it for what concerns an account. */
  time?: number;
}

/** The common head of a `value` (Meta: webhooks, payload reference). */
export function valueFor(number: BusinessNumber, content: Json): Json {
  return {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: number.displayPhoneNumber, phone_number_id: number.id },
    ...content,
  };
}

/** A `contacts[]` entry; absent facts are absent keys. The username shows on inbound, delivered and read only. */
export function contactOf(customer: Customer, withUsername: boolean): Json {
  const waId = shownWaId(customer);
  const hasUsername = withUsername && customer.username !== undefined;
  return {
    profile: { name: customer.name, ...(hasUsername ? { username: customer.username } : {}) },
    ...(waId === undefined ? {} : { wa_id: waId }),
    ...(customer.userId === undefined ? {} : { user_id: customer.userId }),
    ...(customer.parentUserId === undefined ? {} : { parent_user_id: customer.parentUserId }),
  };
}

/** The POST body for some updates: one entry per account (and time), one change per update. */
export function envelopeFor(updates: readonly Update[]): Json {
  const entries = new Map<string, { id: string; time?: number; changes: Json[] }>();
  for (const { businessAccountId: id, field, value, time } of updates) {
    const key = `${id} ${String(time)}`;
    const entry = entries.get(key) ?? { id, ...(time !== undefined && { time }), changes: [] };
    entry.changes.push({ value, field });
    entries.set(key, entry);
  }
  return { object: 'whatsapp_business_account', entry: [...entries.values()] };
}

import type { Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import type { Customer } from '../state/customers.ts';

/** One change on its way to a business: a `value` with the account and the field it belongs to. */
export interface Update {
  businessAccountId: string;
  phoneNumberId: string;
  field: string;
  value: Json;
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
  const hasUsername = withUsername && customer.username !== undefined;
  return {
    profile: { name: customer.name, ...(hasUsername ? { username: customer.username } : {}) },
    ...(customer.waId === undefined ? {} : { wa_id: customer.waId }),
    ...(customer.userId === undefined ? {} : { user_id: customer.userId }),
    ...(customer.parentUserId === undefined ? {} : { parent_user_id: customer.parentUserId }),
  };
}

/** The POST body for some updates: one entry per account, one change per update. */
export function envelopeFor(updates: readonly Update[]): Json {
  const changesByAccount = new Map<string, Json[]>();
  for (const { businessAccountId, field, value } of updates) {
    const changes = changesByAccount.get(businessAccountId) ?? [];
    changes.push({ value, field });
    changesByAccount.set(businessAccountId, changes);
  }
  return {
    object: 'whatsapp_business_account',
    entry: [...changesByAccount].map(([id, changes]) => ({ id, changes })),
  };
}

import { BoundedMap } from '../core/bounded-map.ts';
import { userIdOfPhone } from '../core/ids.ts';
import type { Presence } from './behaviour.ts';

/** A person with WhatsApp on a phone. `waId` is absent for people known by their user id (BSUID) only. */
export interface Customer {
  /** The simulator's own handle: the `waId`, or the user id of somebody without one. */
  key: string;
  name: string;
  username?: string;
  waId?: string;
  userId?: string;
  parentUserId?: string;
  /** Shares no phone number: webhooks name them by the user id alone. */
  hidesNumber?: boolean;
  /** What their phone does; undefined follows the general setting. */
  presence?: Presence;
  /** Blocked the business: nothing is ever delivered. (Meta: status stays `sent`.) */
  blocks: boolean;
  /** Unix seconds of the newest message that opened the customer service window, by business number. */
  windowOpenedAt: Map<string, number>;
}

export interface CustomerFacts {
  waId?: string | undefined;
  userId?: string | undefined;
  parentUserId?: string | undefined;
  name?: string | undefined;
  username?: string | undefined;
}

const MAX_CUSTOMERS = 200_000;

/** Everybody who wrote or was written to, found by phone number or by user id. */
export class Customers {
  private readonly byKey = new BoundedMap<string, Customer>(MAX_CUSTOMERS, (customer) => {
    if (customer.userId !== undefined) this.keyByUserId.delete(customer.userId);
  });
  private readonly keyByUserId = new Map<string, string>();

  find(key: string): Customer | undefined {
    return this.byKey.get(key);
  }

  /** Finds the person behind a `to` (phone, in any notation) or a `recipient` (user id). */
  findByAddress(address: string): Customer | undefined {
    const key = this.keyByUserId.get(address);
    if (key !== undefined) return this.byKey.get(key);
    const digits = digitsOf(address);
    return this.byKey.get(digits) ?? this.byKey.get(canonicalWaId(digits));
  }

  /** Creates the person or adds what is newly known about them. */
  learn(facts: CustomerFacts): Customer {
    const known =
      (facts.waId === undefined ? undefined : this.byKey.get(facts.waId)) ??
      (facts.userId === undefined ? undefined : this.byKey.get(this.keyByUserId.get(facts.userId) ?? facts.userId));
    const customer = known ?? this.create(facts);
    if (facts.name !== undefined) customer.name = facts.name;
    if (facts.username !== undefined) customer.username = facts.username;
    if (facts.parentUserId !== undefined) customer.parentUserId = facts.parentUserId;
    if (facts.userId !== undefined && customer.userId !== facts.userId) {
      customer.userId = facts.userId;
      this.keyByUserId.set(facts.userId, customer.key);
    }
    return customer;
  }

  /** The number of somebody who shares it now; who was known by user id only gets one, by which they are found too. */
  shareNumber(customer: Customer): string {
    customer.hidesNumber = false;
    if (customer.waId !== undefined) return customer.waId;
    const seed = [...customer.key].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1e7, 7);
    customer.waId = `1555${String(seed).padStart(7, '0')}`;
    this.byKey.set(customer.waId, customer);
    return customer.waId;
  }

  /** Somebody's ids change; by the old ones they are still found, as what is under way is addressed to them. */
  rekey(customer: Customer, { waId, userId }: { waId?: string; userId: string }): void {
    if (waId !== undefined) {
      customer.waId = waId;
      this.byKey.set(waId, customer);
    }
    customer.userId = userId;
    this.keyByUserId.set(userId, customer.key);
  }

  clear(): void {
    this.byKey.clear();
    this.keyByUserId.clear();
  }

  private create(facts: CustomerFacts): Customer {
    const key = facts.waId ?? facts.userId ?? '';
    const customer: Customer = {
      key,
      name: facts.name ?? (facts.waId === undefined ? 'Customer' : `+${facts.waId}`),
      ...(facts.waId === undefined ? {} : { waId: facts.waId }),
      blocks: false,
      windowOpenedAt: new Map(),
    };
    this.byKey.set(key, customer);
    return customer;
  }
}

/** The number that webhooks tell of somebody; undefined for who has or shows none. */
export const shownWaId = ({ waId, hidesNumber }: Customer): string | undefined =>
  hidesNumber === true ? undefined : waId;

/** The person a send goes to, made known when nobody has heard of them. */
export function customerForSend(customers: Customers, address: string, isUserId: boolean): Customer {
  const known = customers.findByAddress(address);
  if (known) return known;
  if (isUserId) return customers.learn({ userId: address });
  const waId = canonicalWaId(digitsOf(address));
  return customers.learn({ waId, userId: userIdOfPhone(waId) });
}

export function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '');
}

/**
 * WhatsApp's own id of a phone number: in Brazil, Mexico and Argentina it differs from the number people dial
 * (`contacts[].wa_id` may differ from `input`; Meta: Cloud API, messages).
 */
export function canonicalWaId(digits: string): string {
  const brazil = /^55([3-9]\d)9(\d{8})$/.exec(digits);
  if (brazil) return `55${brazil[1] ?? ''}${brazil[2] ?? ''}`;
  if (/^52\d{10}$/.test(digits)) return `521${digits.slice(2)}`;
  if (/^54[1-8]\d{9}$/.test(digits)) return `549${digits.slice(2)}`;
  return digits;
}

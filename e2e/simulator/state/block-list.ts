import type { Customer } from './customers.ts';

/** Customers that a business number has blocked (Meta: block API); the simulator's own handles, by number. */
export class BlockList {
  private readonly keysByNumber = new Map<string, Set<string>>();

  add(phoneNumberId: string, customer: Customer): void {
    const keys = this.keysByNumber.get(phoneNumberId) ?? new Set();
    this.keysByNumber.set(phoneNumberId, keys.add(customer.key));
  }

  remove(phoneNumberId: string, customer: Customer): void {
    this.keysByNumber.get(phoneNumberId)?.delete(customer.key);
  }

  has(phoneNumberId: string, customer: Customer): boolean {
    return this.keysByNumber.get(phoneNumberId)?.has(customer.key) ?? false;
  }

  keys(phoneNumberId: string): string[] {
    return [...(this.keysByNumber.get(phoneNumberId) ?? [])];
  }

  clear(): void {
    this.keysByNumber.clear();
  }
}

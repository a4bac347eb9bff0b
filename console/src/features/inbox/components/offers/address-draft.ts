import type { SendInteractive } from '@parley/contract';
import { ADDRESS_FIELDS, ADDRESS_LIMITS, type AddressField } from '@parley/contract/limits';

/** What stands in the customer's form already: the fields of an address, most of them empty. */
export interface AddressDraft {
  address: Record<AddressField, string>;
}

export const emptyAddress = (): AddressDraft => ({
  address: Object.fromEntries(ADDRESS_FIELDS.map((field) => [field, ''])) as AddressDraft['address'],
});

/** Meta offers the request to customers whose number is Indian; whose number nobody knows gets none either. */
export const isAskableForAddress = (phone: string | null): boolean => /^\+?91\d/.test(phone ?? '');

export const addressLimit = (field: AddressField): number =>
  field === 'in_pin_code' ? ADDRESS_LIMITS.pinCode : ADDRESS_LIMITS.value;

type Check = (path: string, text: string, max: number, isNeeded?: boolean) => void;
/** Where problems are noted; other kinds have more of them. */
interface Found {
  set(path: string, problem: { key: 'phone' }): unknown;
}

/** Everything in these fields that would be refused. */
export function checkAddress({ address }: AddressDraft, found: Found, check: Check): void {
  for (const field of ADDRESS_FIELDS) check(`address.${field}`, address[field], addressLimit(field), false);
  const phone = address.phone_number.trim();
  if (phone !== '' && !/^\+\d[\d\s().-]{6,24}$/.test(phone)) found.set('address.phone_number', { key: 'phone' });
}

/** What leaves: the country, and of the fields those that were filled in. */
export function addressOffer({ address }: AddressDraft, frame: { body: string }): SendInteractive {
  const known = ADDRESS_FIELDS.map((field) => [field, address[field].trim()] as const).filter(
    ([, text]) => text !== '',
  );
  const values = Object.fromEntries(known) as Partial<AddressDraft['address']>;
  return { kind: 'address_request', ...frame, address: { country: 'IN', ...(known.length > 0 && { values }) } };
}

import type { ContactCard, Location } from '@parley/contract';
import { get, type JsonObject, objectAt, objectsAt, waIdAt, wordAt } from './json-values.js';

const MAX_CARDS = 20;
const MAX_ENTRIES = 20;
const MAX_CHARS = 500;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A place, when its degrees are any (Meta: messages webhook, location). */
export function locationOf(part: JsonObject | null): Location | null {
  const latitude = degreesAt(part, 'latitude', 90);
  const longitude = degreesAt(part, 'longitude', 180);
  if (latitude === null || longitude === null) return null;
  return { latitude, longitude, name: wordAt(part, 'name', 1_000), address: wordAt(part, 'address', 1_000) };
}

/** Cards that a customer shared; one without any name or number says nothing. */
export function cardsOf(cards: readonly JsonObject[]): ContactCard[] {
  return cards.slice(0, MAX_CARDS).flatMap((card) => {
    const name = objectAt(card, 'name');
    const entries = (key: string) => objectsAt(card, key).slice(0, MAX_ENTRIES);
    const phones = entries('phones').flatMap((entry) => {
      const waId = waIdAt(entry, 'wa_id');
      const number = wordAt(entry, 'phone', MAX_CHARS) ?? (waId === null ? null : `+${waId}`);
      return number === null
        ? []
        : [{ number, label: wordAt(entry, 'type', MAX_CHARS), waId: waId?.slice(0, 40) ?? null }];
    });
    const emails = entries('emails').flatMap((entry) => {
      const address = wordAt(entry, 'email', MAX_CHARS);
      return address === null ? [] : [{ address, label: wordAt(entry, 'type', MAX_CHARS) }];
    });
    const shownName =
      wordAt(name, 'formatted_name', MAX_CHARS) ?? wordAt(name, 'first_name', MAX_CHARS) ?? phones[0]?.number;
    if (shownName === undefined) return [];
    return [
      {
        name: shownName,
        organization: wordAt(objectAt(card, 'org'), 'company', MAX_CHARS),
        phones,
        emails,
        urls: entries('urls').flatMap((entry) => wordAt(entry, 'url', MAX_CHARS) ?? []),
        ...addressesOf(entries('addresses')),
        ...birthdayOf(card),
      },
    ];
  });
}

/** Of addresses the parts that say something; Meta's country code says less than the country's name beside it. */
function addressesOf(entries: readonly JsonObject[]): Pick<ContactCard, 'addresses'> {
  const addresses = entries.flatMap((entry) => {
    const [street, city, state, zip] = (['street', 'city', 'state', 'zip'] as const).map((key) =>
      wordAt(entry, key, MAX_CHARS),
    );
    const country = wordAt(entry, 'country', MAX_CHARS) ?? wordAt(entry, 'country_code', MAX_CHARS);
    const address = { street, city, state, zip, country };
    const isEmpty = Object.values(address).every((part) => part == null);
    return isEmpty ? [] : [{ ...address, label: wordAt(entry, 'type', MAX_CHARS) }];
  });
  return addresses.length > 0 ? { addresses } : {};
}

/** A day as Meta writes it; of anything else nothing is made. */
function birthdayOf(card: JsonObject): Pick<ContactCard, 'birthday'> {
  const birthday = wordAt(card, 'birthday', MAX_CHARS);
  if (birthday === null || !DAY.test(birthday)) return {};
  const day = new Date(birthday);
  // The last of February, say, may not be the thirtieth.
  const isThere = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(birthday);
  return isThere ? { birthday } : {};
}

/** Degrees come as numbers, in samples also as text. */
function degreesAt(part: JsonObject | null, key: string, limit: number): number | null {
  const value = get(part, key);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) <= limit ? number : null;
}

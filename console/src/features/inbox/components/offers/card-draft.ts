import type { ContactCard } from '@parley/contract';
import { CARD_LINE_MAX_CHARS } from '@parley/contract/limits';

/** What a card can say beyond how to reach somebody. The fields of the address, in the order in which they are written. */
export const cardAddressFields = ['street', 'zip', 'city', 'state', 'country'] as const;
export const moreCardFields = ['birthday', ...cardAddressFields] as const;
type CardField = 'name' | 'organization' | 'phone' | 'email' | 'url' | (typeof moreCardFields)[number];

/** A card of one person, with one of each. */
export interface CardDraft {
  card: Record<CardField, string>;
}

export const emptyCard = (): CardDraft => ({
  card: {
    name: '',
    organization: '',
    phone: '',
    email: '',
    url: '',
    birthday: '',
    street: '',
    zip: '',
    city: '',
    state: '',
    country: '',
  },
});

type Check = (path: string, text: string, max: number, isNeeded?: boolean) => void;
/** Where problems are noted; other kinds have more of them. */
interface Found {
  set(path: string, problem: { key: 'empty' | 'phone' | 'email' | 'birthday' }): unknown;
}

/** Everything in these fields that would be refused, or nobody would want sent. */
export function checkCard({ card }: CardDraft, found: Found, check: Check): void {
  check('card.name', card.name, CARD_LINE_MAX_CHARS);
  for (const field of ['organization', 'url', ...cardAddressFields] as const) {
    check(`card.${field}`, card[field], CARD_LINE_MAX_CHARS, false);
  }
  const digits = card.phone.replace(/\D/g, '').length;
  if (card.phone.trim() === '') found.set('card.phone', { key: 'empty' });
  else if (!/^\s*\+[\d\s().-]+$/.test(card.phone) || digits < 7 || digits > 15)
    found.set('card.phone', { key: 'phone' });
  if (card.email.trim() !== '' && !/^\S+@\S+\.\S+$/.test(card.email.trim())) found.set('card.email', { key: 'email' });
  if (card.birthday !== '' && !isPastDay(card.birthday)) found.set('card.birthday', { key: 'birthday' });
}

/** The card that leaves: of the fields those that were filled in. */
export function cardOf({ card }: CardDraft): ContactCard {
  const [organization, email, url] = [card.organization.trim(), card.email.trim(), card.url.trim()];
  const parts = cardAddressFields
    .map((field) => [field, card[field].trim()] as const)
    .filter(([, text]) => text !== '');
  return {
    name: card.name.trim(),
    ...(organization && { organization }),
    phones: card.phone.trim() === '' ? [] : [{ number: card.phone.trim(), waId: card.phone.replace(/\D/g, '') }],
    emails: email === '' ? [] : [{ address: email }],
    urls: url === '' ? [] : [url],
    ...(parts.length > 0 && { addresses: [Object.fromEntries(parts)] }),
    ...(isPastDay(card.birthday) && { birthday: card.birthday }),
  };
}

/** A date field can hold years of six digits. */
const isPastDay = (day: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) && new Date(`${day}T00:00`).getTime() <= Date.now();

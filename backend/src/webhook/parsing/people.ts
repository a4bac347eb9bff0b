import type {
  EventTime,
  IdentityChange,
  InboundEffect,
  PersonClaim,
} from '../../conversations/inbound/inbound-item.js';
import { idAt, type JsonObject, objectAt, objectsAt, waIdAt, wordAt, wordsAt } from './json-values.js';

const MAX_NAME_CHARS = 1_000;

/** `contacts[]` of a value, found by id and never by position: their order is not that of the messages. */
export class ContactBook {
  private readonly byBsuid = new Map<string, JsonObject>();
  private readonly byWaId = new Map<string, JsonObject>();

  constructor(value: JsonObject) {
    for (const contact of objectsAt(value, 'contacts')) {
      const bsuid = idAt(contact, 'user_id');
      const waId = waIdAt(contact, 'wa_id');
      if (bsuid !== null) this.byBsuid.set(bsuid, contact);
      if (waId !== null) this.byWaId.set(waId, contact);
    }
  }

  /** Completes ids with what `contacts[]` knows of the same person. */
  person(ids: Pick<PersonClaim, 'bsuid' | 'parentBsuid' | 'waId'>): PersonClaim {
    const entry =
      (ids.bsuid === null ? undefined : this.byBsuid.get(ids.bsuid)) ??
      (ids.waId === null ? undefined : this.byWaId.get(ids.waId)) ??
      null;
    const profile = objectAt(entry, 'profile');
    const bsuid = ids.bsuid ?? idAt(entry, 'user_id');
    // An entry of the same number but of another BSUID is somebody else.
    const isSame = entry !== null && (idAt(entry, 'user_id') ?? bsuid) === bsuid;
    const identityHash = isSame ? idAt(entry, 'identity_key_hash') : null;
    return {
      bsuid,
      parentBsuid: ids.parentBsuid ?? (isSame ? idAt(entry, 'parent_user_id') : null),
      waId: ids.waId ?? (isSame ? waIdAt(entry, 'wa_id') : null),
      name: isSame ? wordAt(profile, 'name', MAX_NAME_CHARS) : null,
      username: isSame ? idAt(profile, 'username') : null,
      ...(identityHash !== null && { identityHash }),
    };
  }
}

/** Who wrote a message. A customer who answers our request for contact details tells their own number. */
export function senderOf(message: JsonObject, book: ContactBook): PersonClaim {
  const sender = book.person({
    bsuid: idAt(message, 'from_user_id'),
    parentBsuid: idAt(message, 'from_parent_user_id'),
    waId: waIdAt(message, 'from'),
  });
  if (sender.waId !== null) return sender;
  const own = objectsAt(message, 'contacts').find((card) => wordsAt(card, 'origin') === 'contact_request');
  const [phone] = objectsAt(own ?? null, 'phones');
  return { ...sender, waId: waIdAt(phone ?? null, 'wa_id') };
}

/** Who an echo went to. */
export const recipientOf = (echo: JsonObject, book: ContactBook): PersonClaim =>
  book.person({
    bsuid: idAt(echo, 'to_user_id'),
    parentBsuid: idAt(echo, 'to_parent_user_id'),
    waId: waIdAt(echo, 'to'),
  });

const NUMBER_CHANGES = ['user_changed_number', 'customer_changed_number'];

/** The change of ids that a system message tells; null when it tells something else. */
export function identityChangeOf(message: JsonObject): IdentityChange | null {
  const system = objectAt(message, 'system');
  const type = wordsAt(system, 'type') ?? '';
  const numberChanged = NUMBER_CHANGES.includes(type);
  if (!numberChanged && type !== 'user_changed_user_id') return null;
  return {
    previousBsuid: idAt(system, 'previous_user_id') ?? idAt(message, 'from_user_id'),
    bsuid: idAt(system, 'user_id'),
    parentBsuid: idAt(system, 'parent_user_id'),
    previousWaId: waIdAt(message, 'from') ?? waIdAt(system, 'customer'),
    waId: waIdAt(system, 'wa_id') ?? waIdAt(system, 'new_wa_id'),
    numberChanged,
  };
}

/** The same told by the field `user_id_update`. */
export function identityUpdateOf(update: JsonObject): IdentityChange {
  const ids = objectAt(update, 'user_id');
  return {
    previousBsuid: idAt(ids, 'previous'),
    bsuid: idAt(ids, 'current'),
    parentBsuid: idAt(update, 'parent_user_id'),
    previousWaId: waIdAt(update, 'wa_id'),
    waId: waIdAt(update, 'wa_id'),
    numberChanged: false,
  };
}

type SecurityEffect = Extract<InboundEffect, { kind: 'security' }>;
type PreferenceEffect = Extract<InboundEffect, { kind: 'preference' }>;

/** A notice that the customer's security code changed; null when the message tells something else. */
export function securityChangeOf(message: JsonObject, book: ContactBook, time: EventTime): SecurityEffect | null {
  if (wordsAt(objectAt(message, 'system'), 'type') !== 'customer_identity_changed') return null;
  const hash = idAt(objectAt(message, 'identity'), 'hash');
  return { kind: 'security', person: senderOf(message, book), hash, time };
}

/** What a customer wants of marketing messages (Meta: webhooks, user_preferences); a text = nothing is done, and why. */
export function preferenceOf(entry: JsonObject, book: ContactBook, time: EventTime): PreferenceEffect | string {
  const category = wordAt(entry, 'category');
  if (category !== 'marketing_messages') return `a preference about ${category ?? 'nothing'}`;
  const value = wordAt(entry, 'value');
  const stopped = value === 'stop' ? true : value === 'resume' || value === 'signup' ? false : null;
  if (stopped === null) return `an unknown preference: ${value ?? 'none'}`;
  const person = book.person({
    bsuid: idAt(entry, 'user_id'),
    parentBsuid: idAt(entry, 'parent_user_id'),
    waId: waIdAt(entry, 'wa_id'),
  });
  return { kind: 'preference', person, stopped, time };
}

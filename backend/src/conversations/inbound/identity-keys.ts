import { formsOf } from '../phone-forms.js';
import type { IdentityChange, PersonClaim } from './inbound-item.js';

export type IdentityKind = 'bsuid' | 'parent_bsuid' | 'wa_id';

/** Whose an id of Meta's is. */
export interface IdentityRow {
  kind: IdentityKind;
  /** Portfolio of a BSUID; '' for the other kinds. */
  scope: string;
  value: string;
  contactId: string;
  /** Since when Meta says that it is theirs, as of the last change; null = unknown, before all that is told. */
  toldAt: Date | null;
  /** Since when it is not theirs any more; null = it is. */
  retiredAt: Date | null;
}

/** What an identity is found by. */
export type IdentityKey = Pick<IdentityRow, 'kind' | 'scope' | 'value'>;

/** A key, and that of the other form of its number where there is one. */
export const formsOfKey = <Key extends IdentityKey>(key: Key): Key[] =>
  key.kind === 'wa_id' ? formsOf(key.value).map((value) => ({ ...key, value })) : [key];

/** Names a key in one line, the same here and in SQL. */
export const identityText = ({ kind, scope, value }: IdentityKey): string => `${kind} ${scope} ${value}`;

/** Everything that a claim could be known by, strongest first. */
export function keysOf(ids: Pick<PersonClaim, 'bsuid' | 'parentBsuid' | 'waId'>, portfolioId: string): IdentityKey[] {
  const keys: IdentityKey[] = [];
  if (ids.bsuid) keys.push({ kind: 'bsuid', scope: portfolioId, value: ids.bsuid });
  if (ids.parentBsuid) keys.push({ kind: 'parent_bsuid', scope: '', value: ids.parentBsuid });
  if (ids.waId) keys.push({ kind: 'wa_id', scope: '', value: ids.waId });
  return keys;
}

/** What somebody was known by before the change, strongest first. */
export const keysBefore = ({ previousBsuid, previousWaId }: IdentityChange, portfolioId: string): IdentityKey[] =>
  keysOf({ bsuid: previousBsuid, parentBsuid: null, waId: previousWaId }, portfolioId);

/** All keys that a change of ids touches. */
export const keysOfChange = (change: IdentityChange, portfolioId: string): IdentityKey[] => [
  ...keysOf(change, portfolioId),
  ...keysBefore(change, portfolioId),
];

/** The key by which a change will be understood that names nobody yet; null = it names nobody at all. */
export function keyAwaited(change: IdentityChange, portfolioId: string): string | null {
  const [key] = keysBefore(change, portfolioId);
  return key ? identityText(key) : null;
}

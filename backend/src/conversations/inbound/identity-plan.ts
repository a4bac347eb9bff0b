import { newId } from '../../common/ids.js';
import type { IdentityChange, PersonClaim } from './inbound-item.js';

export type IdentityKind = 'bsuid' | 'parent_bsuid' | 'wa_id';

export interface IdentityRow {
  kind: IdentityKind;
  /** Portfolio of a BSUID; '' for the other kinds. */
  scope: string;
  value: string;
  contactId: string;
  retired: boolean;
}

export interface ContactRow {
  id: string;
  name: string;
  username: string | null;
  phone: string | null;
}

/** Two contacts that are one person, or may be: noted, never merged here. */
export interface MergeNote {
  fromContactId: string;
  intoContactId: string;
  reason: 'number_without_bsuid' | 'previous_user_id' | 'parent_bsuid';
  /** `offered` = an admin decides. */
  state: 'noted' | 'offered';
}

type IdentityKey = Pick<IdentityRow, 'kind' | 'scope' | 'value'>;

const keyText = (key: IdentityKey): string => JSON.stringify([key.kind, key.scope, key.value]);

/** Everything that a claim could be known by, strongest first. */
export function keysOf(ids: Pick<PersonClaim, 'bsuid' | 'parentBsuid' | 'waId'>, portfolioId: string): IdentityKey[] {
  const keys: IdentityKey[] = [];
  if (ids.bsuid) keys.push({ kind: 'bsuid', scope: portfolioId, value: ids.bsuid });
  if (ids.parentBsuid) keys.push({ kind: 'parent_bsuid', scope: '', value: ids.parentBsuid });
  if (ids.waId) keys.push({ kind: 'wa_id', scope: '', value: ids.waId });
  return keys;
}

/** All keys that a change of ids touches. */
export const keysOfChange = (change: IdentityChange, portfolioId: string): IdentityKey[] => [
  ...keysOf(change, portfolioId),
  ...keysOf({ bsuid: change.previousBsuid, parentBsuid: null, waId: change.previousWaId }, portfolioId),
];

/**
 * Decides in memory who is who, item by item in their order. The BSUID is the person: a number that arrives with
 * another BSUID than its contact has was recycled and goes to the BSUID's contact.
 */
export class IdentityPlan {
  readonly newContactIds = new Set<string>();
  readonly changedContactIds = new Set<string>();
  readonly merges: MergeNote[] = [];
  private readonly identities = new Map<string, IdentityRow>();
  private readonly loaded = new Map<string, IdentityRow>();
  /** Portfolios in which a contact has a BSUID. */
  private readonly portfolios = new Map<string, Set<string>>();

  constructor(
    identities: readonly IdentityRow[],
    readonly contacts: Map<string, ContactRow>,
  ) {
    for (const row of identities) {
      this.identities.set(keyText(row), { ...row });
      this.loaded.set(keyText(row), row);
      this.notePortfolio(row, row.contactId);
    }
  }

  /** The contact that the strongest known identity names, or a new one; null when the claim names nobody. */
  resolve(claim: PersonClaim, portfolioId: string): string | null {
    const [bsuid, parent, waId] = this.lookUp(claim, portfolioId);
    if (!bsuid && !parent && !waId) return null;
    const contactId = this.pick(claim, portfolioId) ?? this.addContact();
    for (const key of [bsuid, parent, waId]) {
      if (key) this.attach(key, contactId, portfolioId);
    }
    this.describe(contactId, claim);
    return contactId;
  }

  /** What the phone's address book calls a person whom nobody has named yet. */
  nameIfUnnamed(contactId: string, name: string): void {
    const contact = this.contacts.get(contactId);
    if (contact?.name.trim() === '') this.describe(contactId, { waId: null, name, username: null });
  }

  /** The contact whose ids changed, keyed anew; null when nobody is known by the old ones. */
  rekey(change: IdentityChange, portfolioId: string): string | null {
    const [previous, , previousWaId] = this.lookUp(
      { bsuid: change.previousBsuid, parentBsuid: null, waId: change.previousWaId },
      portfolioId,
    );
    const contactId = this.holder(previous) ?? this.holder(previousWaId);
    if (contactId === null) return null;
    for (const key of keysOf(change, portfolioId)) {
      const other = this.holder(key);
      const isSamePerson = key.kind === 'bsuid' && other !== null && other !== contactId;
      if (isSamePerson)
        this.note({ fromContactId: other, intoContactId: contactId, reason: 'previous_user_id', state: 'noted' });
      else this.attach(key, contactId, portfolioId);
    }
    if (change.numberChanged && previousWaId && change.waId !== change.previousWaId) {
      this.retire(previousWaId, contactId);
      this.describe(contactId, { waId: change.waId, name: null, username: null });
    }
    return contactId;
  }

  /** Identities to insert, and those to point elsewhere with the contact that they must still name. */
  changes(): { inserted: IdentityRow[]; moved: (IdentityRow & { from: string })[] } {
    const inserted: IdentityRow[] = [];
    const moved: (IdentityRow & { from: string })[] = [];
    for (const [text, row] of this.identities) {
      const before = this.loaded.get(text);
      if (!before) inserted.push(row);
      else if (before.contactId !== row.contactId || before.retired !== row.retired) {
        moved.push({ ...row, from: before.contactId });
      }
    }
    return { inserted, moved };
  }

  private pick(claim: PersonClaim, portfolioId: string): string | null {
    const [bsuid, parent, waId] = this.lookUp(claim, portfolioId);
    const byBsuid = this.holder(bsuid);
    if (byBsuid !== null) return byBsuid;
    const weaker = [this.holder(parent), this.holder(waId)].filter((id) => id !== null);
    // A BSUID nobody has yet belongs to the contact of the number only if that one has none in this portfolio.
    if (bsuid) return weaker.find((id) => !this.hasBsuid(id, portfolioId)) ?? null;
    return weaker[0] ?? null;
  }

  private attach(key: IdentityKey, contactId: string, portfolioId: string): void {
    const holder = this.holder(key);
    if (holder === contactId) return;
    if (holder === null) this.point(key, contactId);
    else if (key.kind === 'parent_bsuid') {
      this.note({ fromContactId: contactId, intoContactId: holder, reason: 'parent_bsuid', state: 'offered' });
    } else if (key.kind === 'wa_id' && this.hasBsuid(contactId, portfolioId)) {
      if (this.hasBsuid(holder, portfolioId)) this.point(key, contactId);
      else
        this.note({ fromContactId: holder, intoContactId: contactId, reason: 'number_without_bsuid', state: 'noted' });
    }
  }

  private describe(contactId: string, said: Pick<PersonClaim, 'waId' | 'name' | 'username'>): void {
    const contact = this.contacts.get(contactId);
    if (!contact) return;
    const next = {
      ...contact,
      name: said.name ?? contact.name,
      username: said.username ?? contact.username,
      phone: said.waId ?? contact.phone,
    };
    if (next.name === contact.name && next.username === contact.username && next.phone === contact.phone) return;
    this.contacts.set(contactId, next);
    if (!this.newContactIds.has(contactId)) this.changedContactIds.add(contactId);
  }

  private addContact(): string {
    const id = newId();
    this.contacts.set(id, { id, name: '', username: null, phone: null });
    this.newContactIds.add(id);
    return id;
  }

  private lookUp(
    ids: Pick<PersonClaim, 'bsuid' | 'parentBsuid' | 'waId'>,
    portfolioId: string,
  ): [IdentityKey | null, IdentityKey | null, IdentityKey | null] {
    const keys = keysOf(ids, portfolioId);
    const of = (kind: IdentityKind) => keys.find((key) => key.kind === kind) ?? null;
    return [of('bsuid'), of('parent_bsuid'), of('wa_id')];
  }

  /** Who is known by this; a retired number names nobody. */
  private holder(key: IdentityKey | null): string | null {
    const row = key ? this.identities.get(keyText(key)) : undefined;
    return row && !row.retired ? row.contactId : null;
  }

  private hasBsuid(contactId: string, portfolioId: string): boolean {
    return this.portfolios.get(contactId)?.has(portfolioId) ?? false;
  }

  private notePortfolio(key: IdentityKey, contactId: string): void {
    if (key.kind !== 'bsuid') return;
    const known = this.portfolios.get(contactId);
    if (known) known.add(key.scope);
    else this.portfolios.set(contactId, new Set([key.scope]));
  }

  private point(key: IdentityKey, contactId: string): void {
    const { kind, scope, value } = key;
    this.identities.set(keyText(key), { kind, scope, value, contactId, retired: false });
    this.notePortfolio(key, contactId);
  }

  private retire(key: IdentityKey, contactId: string): void {
    const row = this.identities.get(keyText(key));
    if (row?.contactId === contactId) this.identities.set(keyText(key), { ...row, retired: true });
    const contact = this.contacts.get(contactId);
    if (contact?.phone !== key.value) return;
    this.contacts.set(contactId, { ...contact, phone: null });
    this.changedContactIds.add(contactId);
  }

  private note(merge: MergeNote): void {
    const isKnown = this.merges.some(
      (known) => known.fromContactId === merge.fromContactId && known.intoContactId === merge.intoContactId,
    );
    if (!isKnown && merge.fromContactId !== merge.intoContactId) this.merges.push(merge);
  }
}

import { newId } from '../../common/ids.js';
import { formsOf } from '../phone-forms.js';
import { identityText, type IdentityKey, type IdentityRow, keysBefore, keysOf } from './identity-keys.js';
import type { IdentityChange, PersonClaim } from './inbound-item.js';

export interface ContactRow {
  id: string;
  name: string;
  username: string | null;
  phone: string | null;
  /** When Meta last told this name, by its own time; null = before all that is told. */
  namedAt: Date | null;
  /** The same of the username. */
  usernameAt: Date | null;
}

/** Two contacts that are one person, or may be: noted, never merged here. */
export interface MergeNote {
  fromContactId: string;
  intoContactId: string;
  reason: 'number_without_bsuid' | 'previous_user_id' | 'parent_bsuid';
  /** `offered` = an admin decides. */
  state: 'noted' | 'offered';
}

/**
 * A name that is told again is noted as of this much later at the earliest. Nearly every message tells one: noted each time, a
 * busy customer's row had a new version in every batch, and what stood behind items that fail waited 16 s instead of 4.
 * What is given up: a former name that comes late and was told within this time of its change.
 */
const TOLD_AGAIN_AFTER_MS = 60_000;

/** Whether it was after the other; null = now. */
const isAfter = (at: Date | null, other: Date): boolean => at === null || at > other;
/** Whether what is told for `at` is not older than what is known; null = for now, or known before all that is told. */
const isAsNewAs = (at: Date | null, known: Date | null): boolean => at === null || known === null || at >= known;
const isMuchLater = (at: Date | null, noted: Date | null): boolean =>
  at !== null && (noted === null || at.getTime() - noted.getTime() >= TOLD_AGAIN_AFTER_MS);
/** Whether somebody was told to have it after `at`. */
const isTakenAfter = ({ toldAt }: IdentityRow, at: Date | null): boolean =>
  toldAt !== null && at !== null && toldAt > at;

/**
 * Decides in memory who is who, item by item. The BSUID is the person: a number that arrives with another BSUID than its
 * contact has was recycled and goes to the BSUID's contact.
 *
 * What is told has a time of Meta's, and each id keeps the latest at which it came to somebody or left them; so changes
 * end alike in whatever order they arrive, and what was written before a number changed hands belongs to who had it then.
 * Of one second the leaving counts: of A → B → C within it, B is left. Names have such a time too: what was said under an
 * older one and comes late does not bring it back; of one second the later arrival counts.
 *
 * A number that has two forms is known by the one in which it was told first.
 */
export class IdentityPlan {
  readonly newContactIds = new Set<string>();
  readonly changedContactIds = new Set<string>();
  /** Who is called as before, as was told anew. */
  readonly toldAgainContactIds = new Set<string>();
  readonly merges: MergeNote[] = [];
  private readonly identities = new Map<string, IdentityRow>();
  private readonly loaded = new Map<string, IdentityRow>();
  private readonly loadedContacts: ReadonlyMap<string, ContactRow>;
  /** Portfolios in which a contact has a BSUID. */
  private readonly portfolios = new Map<string, Set<string>>();

  constructor(
    identities: readonly IdentityRow[],
    readonly contacts: Map<string, ContactRow>,
  ) {
    this.loadedContacts = new Map(contacts);
    for (const row of identities) {
      this.identities.set(identityText(row), row);
      this.loaded.set(identityText(row), row);
      this.notePortfolio(row, row.contactId);
    }
  }

  /**
   * The contact that the strongest known identity names, or a new one; null when the claim names nobody. `at` is the time
   * for which it is claimed; null = now.
   */
  resolve(said: PersonClaim, portfolioId: string, at: Date | null): string | null {
    const claim = { ...said, waId: this.knownForm(said.waId) };
    const keys = keysOf(claim, portfolioId);
    if (keys.length === 0) return null;
    const contactId = this.pick(claim, portfolioId, at) ?? this.addContact();
    for (const key of keys) this.attach(key, contactId, portfolioId, at);
    this.describe(contactId, { ...claim, waId: this.isPast(claim.waId, contactId, at) ? null : claim.waId }, at);
    return contactId;
  }

  /** What the phone's address book calls a person whom nobody has named yet. */
  nameIfUnnamed(contactId: string, name: string): void {
    const contact = this.contacts.get(contactId);
    if (contact?.name.trim() === '') this.change({ ...contact, name });
  }

  /**
   * The contact whose ids changed at `at`, keyed anew; null when nobody is known by the old ones yet. What was learnt
   * later of an id stands.
   */
  rekey(told: IdentityChange, portfolioId: string, at: Date): string | null {
    const [previousWaId, waId] = [this.knownForm(told.previousWaId), this.knownForm(told.waId)];
    const change = { ...told, previousWaId, waId };
    const before = keysBefore(change, portfolioId);
    const contactId = this.whoChanged(before, change, portfolioId, at);
    if (contactId === null) return null;
    for (const key of before) {
      const isLeft = key.kind === 'bsuid' ? change.bsuid !== null : change.numberChanged;
      if (isLeft && key.value !== change.bsuid && key.value !== change.waId) this.leave(key, contactId, at);
    }
    for (const key of keysOf(change, portfolioId)) {
      const other = this.holder(key, at);
      if (key.kind === 'bsuid' && other !== null && other !== contactId)
        this.note({ fromContactId: other, intoContactId: contactId, reason: 'previous_user_id', state: 'noted' });
      else {
        this.attach(key, contactId, portfolioId, at, change.numberChanged);
        this.tellAnew(key, contactId, at);
      }
    }
    if (change.numberChanged && !this.isPast(change.waId, contactId, at)) {
      this.describe(contactId, { waId: change.waId, name: null, username: null }, at);
    }
    return contactId;
  }

  /** Identities to insert, and those that changed with what they must still be before. */
  changes(): { inserted: IdentityRow[]; moved: { row: IdentityRow; before: IdentityRow }[] } {
    const inserted: IdentityRow[] = [];
    const moved: { row: IdentityRow; before: IdentityRow }[] = [];
    for (const [text, row] of this.identities) {
      const before = this.loaded.get(text);
      if (!before) inserted.push(row);
      else if (before !== row) moved.push({ row, before });
    }
    return { inserted, moved };
  }

  private knownForm(waId: string | null): string | null {
    if (waId === null) return null;
    const isKnown = (value: string) => this.identities.has(identityText({ kind: 'wa_id', scope: '', value }));
    return formsOf(waId).find(isKnown) ?? waId;
  }

  private pick(claim: PersonClaim, portfolioId: string, at: Date | null): string | null {
    const holders = new Map(keysOf(claim, portfolioId).map((key) => [key.kind, this.holder(key, at)]));
    const byBsuid = holders.get('bsuid') ?? null;
    if (byBsuid !== null) return byBsuid;
    const weaker = [holders.get('parent_bsuid') ?? null, holders.get('wa_id') ?? null].filter((id) => id !== null);
    // A BSUID nobody has yet belongs to the contact of the number only if that one has none in this portfolio.
    if (claim.bsuid) return weaker.find((id) => !this.hasBsuid(id, portfolioId)) ?? null;
    return weaker[0] ?? null;
  }

  /** By the old ids, else by the new BSUID: who wrote under it before the change was told. */
  private whoChanged(
    before: readonly IdentityKey[],
    { bsuid }: IdentityChange,
    portfolioId: string,
    at: Date,
  ): string | null {
    for (const key of before) {
      const row = this.identities.get(identityText(key));
      // Whoever got the number later is not who gave it up.
      if (row && key.kind === 'wa_id' && isTakenAfter(row, at)) continue;
      const contactId = this.holder(key, at);
      if (contactId !== null) return contactId;
    }
    return bsuid === null ? null : this.holder({ kind: 'bsuid', scope: portfolioId, value: bsuid }, at);
  }

  private attach(key: IdentityKey, contactId: string, portfolioId: string, at: Date | null, isChange = false): void {
    const row = this.identities.get(identityText(key));
    if (row && row.retiredAt !== null && !isAfter(at, row.retiredAt)) return;
    if (!row || (row.retiredAt !== null && (key.kind === 'wa_id' || row.contactId === contactId))) {
      this.point(key, contactId, at);
    } else if (row.contactId === contactId) return;
    else if (key.kind === 'parent_bsuid') {
      this.note({ fromContactId: contactId, intoContactId: row.contactId, reason: 'parent_bsuid', state: 'offered' });
    } else if (key.kind === 'wa_id') this.contest(row, contactId, portfolioId, at, isChange);
  }

  /** A number that is somebody else's so far. */
  private contest(row: IdentityRow, contactId: string, portfolioId: string, at: Date | null, isChange: boolean): void {
    const [isKnown, isTheirs] = [this.hasBsuid(contactId, portfolioId), this.hasBsuid(row.contactId, portfolioId)];
    const sameAs = (fromContactId: string, intoContactId: string): void => {
      this.note({ fromContactId, intoContactId, reason: 'number_without_bsuid', state: 'noted' });
    };
    if (isKnown && !isTheirs) sameAs(row.contactId, contactId);
    else if (isKnown) {
      if (!isTakenAfter(row, at)) this.point(row, contactId, at);
    } else if (isChange && row.toldAt !== null && at !== null && row.toldAt >= at) {
      // They wrote from their new number before the change was told.
      if (isTheirs) sameAs(contactId, row.contactId);
      else sameAs(row.contactId, contactId);
    } else if (isChange && !isTheirs) this.point(row, contactId, at);
  }

  /** What a change says again of an id that is theirs holds from then on. */
  private tellAnew(key: IdentityKey, contactId: string, at: Date): void {
    const row = this.identities.get(identityText(key));
    if (row?.contactId !== contactId || row.retiredAt !== null) return;
    if (row.toldAt === null || at > row.toldAt) this.identities.set(identityText(row), { ...row, toldAt: at });
  }

  /** Whether a number had been left, or another had come, by the time that the contact is told to have it. */
  private isPast(waId: string | null, contactId: string, at: Date | null): boolean {
    if (waId === null) return false;
    const rowOf = (value: string) => this.identities.get(identityText({ kind: 'wa_id', scope: '', value }));
    const row = rowOf(waId);
    if (row && (row.retiredAt !== null || (row.contactId !== contactId && isTakenAfter(row, at)))) return true;
    const phone = this.contacts.get(contactId)?.phone ?? null;
    const known = phone === null || phone === waId ? undefined : rowOf(phone);
    return known?.contactId === contactId && known.retiredAt === null && isTakenAfter(known, at);
  }

  private describe(contactId: string, said: Pick<PersonClaim, 'waId' | 'name' | 'username'>, at: Date | null): void {
    const contact = this.contacts.get(contactId);
    if (!contact) return;
    const isNamed = said.name !== null && isAsNewAs(at, contact.namedAt);
    const isUsername = said.username !== null && isAsNewAs(at, contact.usernameAt);
    this.change({
      ...contact,
      ...(isNamed && { name: said.name ?? '', namedAt: at ?? contact.namedAt }),
      ...(isUsername && { username: said.username, usernameAt: at ?? contact.usernameAt }),
      phone: said.waId ?? contact.phone,
    });
  }

  private change(next: ContactRow): void {
    const { id } = next;
    const before = this.contacts.get(id);
    this.contacts.set(id, next);
    if (!before || this.newContactIds.has(id)) return;
    if (next.name !== before.name || next.username !== before.username || next.phone !== before.phone) {
      this.changedContactIds.add(id);
      return;
    }
    const noted = this.loadedContacts.get(id) ?? before;
    if (isMuchLater(next.namedAt, noted.namedAt) || isMuchLater(next.usernameAt, noted.usernameAt)) {
      this.toldAgainContactIds.add(id);
    }
  }

  private addContact(): string {
    const id = newId();
    this.contacts.set(id, { id, name: '', username: null, phone: null, namedAt: null, usernameAt: null });
    this.newContactIds.add(id);
    return id;
  }

  /** Who is known by this at that time. A number that was left names nobody from then on; an id of Meta's always does. */
  private holder(key: IdentityKey, at: Date | null): string | null {
    const row = this.identities.get(identityText(key));
    if (!row) return null;
    return key.kind === 'wa_id' && row.retiredAt !== null && isAfter(at, row.retiredAt) ? null : row.contactId;
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

  private point({ kind, scope, value }: IdentityKey, contactId: string, at: Date | null): void {
    const row = { kind, scope, value, contactId, toldAt: at, retiredAt: null };
    this.identities.set(identityText(row), row);
    this.notePortfolio(row, contactId);
  }

  /** An id that is not theirs any more; what they wrote before is still found by it, so it is kept even when it was new. */
  private leave({ kind, scope, value }: IdentityKey, contactId: string, at: Date): void {
    const known = this.identities.get(identityText({ kind, scope, value }));
    if (known && (known.contactId !== contactId || isTakenAfter(known, at))) return;
    if (known?.retiredAt && known.retiredAt >= at) return;
    const row = { kind, scope, value, contactId, toldAt: known?.toldAt ?? null, retiredAt: at };
    this.identities.set(identityText(row), row);
    this.notePortfolio(row, contactId);
    const contact = this.contacts.get(contactId);
    const isPhone = kind === 'wa_id' && contact?.phone === value;
    if (contact && isPhone) this.contacts.set(contactId, { ...contact, phone: this.newestNumberOf(contactId) });
    // Whom nothing else names is called by it.
    const isName = kind === 'bsuid' && contact?.phone === null && contact.username === null;
    if ((isPhone || isName) && !this.newContactIds.has(contactId)) this.changedContactIds.add(contactId);
  }

  /** Of the numbers that are still theirs. */
  private newestNumberOf(contactId: string): string | null {
    let newest: IdentityRow | null = null;
    for (const row of this.identities.values()) {
      if (row.kind !== 'wa_id' || row.contactId !== contactId || row.retiredAt !== null) continue;
      if (newest === null || (row.toldAt?.getTime() ?? 0) > (newest.toldAt?.getTime() ?? 0)) newest = row;
    }
    return newest?.value ?? null;
  }

  private note(merge: MergeNote): void {
    const isKnown = this.merges.some(
      (known) => known.fromContactId === merge.fromContactId && known.intoContactId === merge.intoContactId,
    );
    if (!isKnown && merge.fromContactId !== merge.intoContactId) this.merges.push(merge);
  }
}

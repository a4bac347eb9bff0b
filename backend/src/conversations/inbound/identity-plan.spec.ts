import { describe, expect, it } from 'vitest';
import { type ContactRow, IdentityPlan, type IdentityRow } from './identity-plan.js';
import type { PersonClaim } from './inbound-item.js';

const PORTFOLIO = 'p1';
const claim = (ids: Partial<PersonClaim>): PersonClaim => ({
  bsuid: null,
  parentBsuid: null,
  waId: null,
  name: null,
  username: null,
  ...ids,
});
const bsuid = (value: string, contactId: string, scope = PORTFOLIO): IdentityRow => ({
  kind: 'bsuid',
  scope,
  value,
  contactId,
  retired: false,
});
const waId = (value: string, contactId: string, retired = false): IdentityRow => ({
  kind: 'wa_id',
  scope: '',
  value,
  contactId,
  retired,
});

function planOf(...identities: IdentityRow[]): IdentityPlan {
  const contacts = new Map<string, ContactRow>();
  for (const { contactId } of identities)
    contacts.set(contactId, { id: contactId, name: '', username: null, phone: null });
  return new IdentityPlan(identities, contacts);
}

describe('who is who', () => {
  it('makes one contact of all ids of a stranger, and finds it again by any of them', () => {
    const plan = planOf();
    const id = plan.resolve(claim({ bsuid: 'B', waId: '1', name: 'Maren' }), PORTFOLIO);
    expect(plan.newContactIds).toEqual(new Set([id]));
    expect(plan.resolve(claim({ bsuid: 'B' }), PORTFOLIO)).toBe(id);
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO)).toBe(id);
    expect(plan.contacts.get(id ?? '')).toMatchObject({ name: 'Maren', phone: '1' });
    expect(plan.changes().inserted.map(({ kind }) => kind)).toEqual(['bsuid', 'wa_id']);
  });

  it('gives a new BSUID to the contact of the number only if that one has none here', () => {
    expect(planOf(waId('1', 'known')).resolve(claim({ bsuid: 'B', waId: '1' }), PORTFOLIO)).toBe('known');
    const elsewhere = planOf(waId('1', 'known'), bsuid('A', 'known', 'p2'));
    expect(elsewhere.resolve(claim({ bsuid: 'B', waId: '1' }), PORTFOLIO)).toBe('known');
  });

  it('takes a number that comes with another BSUID for a recycled one', () => {
    const plan = planOf(waId('1', 'old'), bsuid('A', 'old'));
    const id = plan.resolve(claim({ bsuid: 'B', waId: '1' }), PORTFOLIO);
    expect(id).not.toBe('old');
    expect(plan.changes().moved).toMatchObject([{ kind: 'wa_id', contactId: id, from: 'old' }]);
    expect(plan.merges).toEqual([]);
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO)).toBe(id);
    expect(plan.resolve(claim({ bsuid: 'A' }), PORTFOLIO)).toBe('old');
  });

  it('follows the BSUID and notes a merge where the number’s contact has none', () => {
    const plan = planOf(waId('1', 'by number'), bsuid('B', 'by id'));
    expect(plan.resolve(claim({ bsuid: 'B', waId: '1' }), PORTFOLIO)).toBe('by id');
    expect(plan.merges).toMatchObject([{ fromContactId: 'by number', intoContactId: 'by id', state: 'noted' }]);
    expect(plan.changes()).toEqual({ inserted: [], moved: [] });
  });

  it('names nobody by a retired number', () => {
    const plan = planOf(waId('1', 'old', true));
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO)).not.toBe('old');
    expect(plan.resolve(claim({}), PORTFOLIO)).toBeNull();
  });

  it('keys a contact anew by the previous BSUID and retires the number that was given up', () => {
    const plan = planOf(bsuid('A', 'c'), waId('1', 'c'));
    const change = {
      previousBsuid: 'A',
      bsuid: 'B',
      parentBsuid: null,
      previousWaId: '1',
      waId: '2',
      numberChanged: true,
    };
    expect(plan.rekey(change, PORTFOLIO)).toBe('c');
    expect(plan.resolve(claim({ bsuid: 'B', waId: '2' }), PORTFOLIO)).toBe('c');
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO)).not.toBe('c');
    expect(plan.contacts.get('c')?.phone).toBe('2');
    expect(planOf().rekey(change, PORTFOLIO)).toBeNull();
  });
});

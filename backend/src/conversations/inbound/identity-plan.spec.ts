import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IdentityRow, identityText, keyAwaited } from './identity-keys.js';
import { type ContactRow, IdentityPlan } from './identity-plan.js';
import type { IdentityChange, PersonClaim } from './inbound-item.js';

const PORTFOLIO = 'p1';
const claim = (ids: Partial<PersonClaim>): PersonClaim => ({
  bsuid: null,
  parentBsuid: null,
  waId: null,
  name: null,
  username: null,
  ...ids,
});
const second = (n: number): Date => new Date(1_795_000_000_000 + n * 1_000);
const NOW = second(1_000);
const bsuid = (value: string, contactId: string, scope = PORTFOLIO): IdentityRow => ({
  kind: 'bsuid',
  scope,
  value,
  contactId,
  toldAt: null,
  retiredAt: null,
});
const waId = (value: string, contactId: string, over: Partial<IdentityRow> = {}): IdentityRow => ({
  kind: 'wa_id',
  scope: '',
  value,
  contactId,
  toldAt: null,
  retiredAt: null,
  ...over,
});

function planOf(...identities: IdentityRow[]): IdentityPlan {
  const contacts = new Map<string, ContactRow>();
  for (const { contactId } of identities)
    contacts.set(contactId, { id: contactId, name: '', username: null, phone: null, namedAt: null, usernameAt: null });
  return new IdentityPlan(identities, contacts);
}

describe('who is who', () => {
  it('makes one contact of all ids of a stranger, and finds it again by any of them', () => {
    const plan = planOf();
    const id = plan.resolve(claim({ bsuid: 'B', waId: '1', name: 'Maren' }), PORTFOLIO, NOW);
    expect(plan.newContactIds).toEqual(new Set([id]));
    expect(plan.resolve(claim({ bsuid: 'B' }), PORTFOLIO, NOW)).toBe(id);
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO, NOW)).toBe(id);
    expect(plan.contacts.get(id ?? '')).toMatchObject({ name: 'Maren', phone: '1' });
    expect(plan.changes().inserted.map(({ kind }) => kind)).toEqual(['bsuid', 'wa_id']);
  });

  it('gives a new BSUID to the contact of the number only if that one has none here', () => {
    expect(planOf(waId('1', 'known')).resolve(claim({ bsuid: 'B', waId: '1' }), PORTFOLIO, NOW)).toBe('known');
    const elsewhere = planOf(waId('1', 'known'), bsuid('A', 'known', 'p2'));
    expect(elsewhere.resolve(claim({ bsuid: 'B', waId: '1' }), PORTFOLIO, NOW)).toBe('known');
  });

  it('takes a number that comes with another BSUID for a recycled one', () => {
    const plan = planOf(waId('1', 'old'), bsuid('A', 'old'));
    const id = plan.resolve(claim({ bsuid: 'B', waId: '1' }), PORTFOLIO, NOW);
    expect(id).not.toBe('old');
    expect(plan.changes().moved).toMatchObject([
      { row: { kind: 'wa_id', contactId: id }, before: { contactId: 'old' } },
    ]);
    expect(plan.merges).toEqual([]);
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO, NOW)).toBe(id);
    expect(plan.resolve(claim({ bsuid: 'A' }), PORTFOLIO, NOW)).toBe('old');
  });

  it('follows the BSUID and notes a merge where the number’s contact has none', () => {
    const plan = planOf(waId('1', 'by number'), bsuid('B', 'by id'));
    expect(plan.resolve(claim({ bsuid: 'B', waId: '1' }), PORTFOLIO, NOW)).toBe('by id');
    expect(plan.merges).toMatchObject([{ fromContactId: 'by number', intoContactId: 'by id', state: 'noted' }]);
    expect(plan.changes()).toEqual({ inserted: [], moved: [] });
  });

  it('names nobody by a retired number', () => {
    const plan = planOf(waId('1', 'old', { retiredAt: second(5) }));
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO, NOW)).not.toBe('old');
    expect(plan.resolve(claim({}), PORTFOLIO, NOW)).toBeNull();
  });

  it('takes what was written before a number was left for that of who had it then', () => {
    const plan = planOf(waId('1', 'old', { retiredAt: second(5) }));
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO, second(5))).toBe('old');
    expect(plan.contacts.get('old')?.phone).toBeNull();
    expect(plan.changes()).toEqual({ inserted: [], moved: [] });
    const next = plan.resolve(claim({ waId: '1' }), PORTFOLIO, second(6));
    expect(next).not.toBe('old');
    expect(plan.contacts.get(next ?? '')?.phone).toBe('1');
  });

  it('gives a recycled number not back for an older message', () => {
    const plan = planOf(bsuid('A', 'old'), bsuid('B', 'new'), waId('1', 'new', { toldAt: second(5) }));
    expect(plan.resolve(claim({ bsuid: 'A', waId: '1' }), PORTFOLIO, second(4))).toBe('old');
    expect(plan.contacts.get('old')?.phone).toBeNull();
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO, NOW)).toBe('new');
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
    expect(plan.rekey(change, PORTFOLIO, second(5))).toBe('c');
    expect(plan.resolve(claim({ bsuid: 'B', waId: '2' }), PORTFOLIO, NOW)).toBe('c');
    expect(plan.resolve(claim({ waId: '1' }), PORTFOLIO, NOW)).not.toBe('c');
    expect(plan.contacts.get('c')?.phone).toBe('2');
    expect(planOf().rekey(change, PORTFOLIO, NOW)).toBeNull();
  });

  it('makes one of who wrote under the new ids before the change was told, and of who had the old ones', () => {
    const plan = planOf(bsuid('A', 'before'), waId('1', 'before'), bsuid('B', 'after'), waId('2', 'after'));
    expect(plan.rekey(changeOf(1, ['A', '1'], ['B', '2']).change, PORTFOLIO, second(1))).toBe('before');
    expect(plan.merges).toMatchObject([{ fromContactId: 'after', intoContactId: 'before', state: 'noted' }]);
  });

  it('knows by numbers alone who wrote from the new one since, and who had it before', () => {
    const change = changeOf(5, [null, '1'], [null, '2']).change;
    const since = planOf(waId('1', 'a'), waId('2', 'b', { toldAt: second(6) }));
    since.rekey(change, PORTFOLIO, second(5));
    expect(since.merges).toMatchObject([{ fromContactId: 'b', intoContactId: 'a' }]);
    const before = planOf(waId('1', 'a'), waId('2', 'b', { toldAt: second(4) }));
    before.rekey(change, PORTFOLIO, second(5));
    expect(before.merges).toEqual([]);
    expect(before.resolve(claim({ waId: '2' }), PORTFOLIO, NOW)).toBe('a');
  });

  it('waits for the BSUID that a change names first, else for the number', () => {
    expect(keyAwaited(changeOf(1, ['A', '1'], ['B', '2']).change, 'p')).toBe('bsuid p A');
    expect(keyAwaited(changeOf(1, [null, '1'], [null, '2']).change, 'p')).toBe('wa_id  1');
    expect(keyAwaited(changeOf(1, [null, null], ['A', '2']).change, 'p')).toBeNull();
  });
});

describe('a number with two forms', () => {
  const [dialled, known] = ['5511987654321', '551187654321'];

  it('names one person in both, by the form that was told first', () => {
    for (const [first, second] of [
      [dialled, known],
      [known, dialled],
    ] as const) {
      const plan = planOf();
      const id = plan.resolve(claim({ waId: first }), PORTFOLIO, second === known ? null : NOW);
      expect(plan.resolve(claim({ bsuid: 'B', waId: second }), PORTFOLIO, NOW)).toBe(id);
      expect(plan.contacts.get(id ?? '')?.phone).toBe(first);
      expect(plan.changes().inserted.map(({ value }) => value)).toEqual([first, 'B']);
    }
  });

  it('is recycled in either form, and names who has it in its own where both are known', () => {
    const recycled = planOf(waId(dialled, 'old'), bsuid('A', 'old'));
    const id = recycled.resolve(claim({ bsuid: 'B', waId: known }), PORTFOLIO, NOW);
    expect(id).not.toBe('old');
    expect(recycled.resolve(claim({ waId: dialled }), PORTFOLIO, NOW)).toBe(id);
    const two = planOf(waId(dialled, 'one'), waId(known, 'other'));
    expect(two.resolve(claim({ waId: known }), PORTFOLIO, NOW)).toBe('other');
  });

  it('is given up in either form, and is no change from one to the other', () => {
    const plan = planOf(waId(dialled, 'c'));
    plan.rekey(changeOf(5, [null, known], [null, dialled]).change, PORTFOLIO, second(5));
    expect(plan.resolve(claim({ waId: known }), PORTFOLIO, NOW)).toBe('c');
    plan.rekey(changeOf(6, [null, known], [null, '12065550142']).change, PORTFOLIO, second(6));
    expect(plan.contacts.get('c')?.phone).toBe('12065550142');
    expect(plan.resolve(claim({ waId: dialled }), PORTFOLIO, NOW)).not.toBe('c');
  });

  it('is not what a landline has', () => {
    const plan = planOf(waId('551132165478', 'shop'));
    expect(plan.resolve(claim({ waId: '5511932165478' }), PORTFOLIO, NOW)).not.toBe('shop');
  });
});

describe('what somebody is called', () => {
  const names: [Date, Partial<PersonClaim>][] = [
    [second(1), { name: 'Maren', username: 'maren' }],
    [second(2), { name: 'Maren O.' }],
    [second(3), { name: 'Maren', username: 'maren.reads' }],
    [second(4), {}],
  ];

  it('is as Meta told last, in whatever order it arrives', () => {
    const orders = fc.shuffledSubarray(names, { minLength: names.length });
    fc.assert(
      fc.property(orders, (order) => {
        const plan = planOf(bsuid('B', 'known'));
        for (const [at, said] of order) plan.resolve(claim({ bsuid: 'B', ...said }), PORTFOLIO, at);
        expect(plan.contacts.get('known')).toMatchObject({
          name: 'Maren',
          namedAt: second(3),
          username: 'maren.reads',
          usernameAt: second(3),
        });
      }),
    );
  });

  it('is as it arrived last of one second, and as it is told for now', () => {
    const plan = planOf(bsuid('B', 'known'));
    for (const name of ['Maren', 'Mary']) plan.resolve(claim({ bsuid: 'B', name }), PORTFOLIO, second(1));
    expect(plan.contacts.get('known')?.name).toBe('Mary');
    plan.resolve(claim({ bsuid: 'B', username: 'mary' }), PORTFOLIO, null);
    expect(plan.contacts.get('known')?.username).toBe('mary');
  });

  it('told again changes nothing but since when it holds', () => {
    const plan = planOf(bsuid('B', 'known'));
    plan.resolve(claim({ bsuid: 'B', name: 'Maren' }), PORTFOLIO, second(1));
    expect([plan.changedContactIds.size, plan.toldAgainContactIds.size]).toEqual([1, 0]);
    const known = plan.contacts.get('known');
    const next = new IdentityPlan([bsuid('B', 'known')], new Map(known ? [['known', known]] : []));
    for (const at of [1, 30, 60]) next.resolve(claim({ bsuid: 'B', name: 'Maren' }), PORTFOLIO, second(at));
    expect(next.toldAgainContactIds.size).toBe(0);
    next.resolve(claim({ bsuid: 'B', name: 'Maren' }), PORTFOLIO, second(61));
    expect([next.changedContactIds.size, next.toldAgainContactIds.size]).toEqual([0, 1]);
  });
});

type Ids = readonly [bsuid: string | null, waId: string | null];
const changeOf = (at: number, [previousBsuid, previousWaId]: Ids, [next, waIdNow]: Ids) => ({
  at: second(at),
  change: {
    previousBsuid,
    bsuid: next,
    parentBsuid: null,
    previousWaId,
    waId: waIdNow,
    numberChanged: previousWaId !== waIdNow,
  } satisfies IdentityChange,
});

/** Everything that is told, in this order; a change that nobody is known by yet comes again, as a waiting one does. */
function told(first: Ids, changes: readonly ReturnType<typeof changeOf>[], order: readonly number[]): IdentityPlan {
  const plan = planOf();
  let waiting: typeof changes = [];
  const isTaken = ({ change, at }: (typeof changes)[number]) => plan.rekey(change, PORTFOLIO, at) !== null;
  const wake = (): void => {
    const known = new Set<string | null>(plan.changes().inserted.map(identityText));
    const left = waiting.filter((one) => !known.has(keyAwaited(one.change, PORTFOLIO)) || !isTaken(one));
    const isDone = left.length === waiting.length;
    waiting = left;
    if (!isDone) wake();
  };
  for (const index of order) {
    const change = changes[index - 1];
    if (!change) plan.resolve(claim({ bsuid: first[0], waId: first[1] }), PORTFOLIO, second(0));
    else if (!isTaken(change)) waiting = [...waiting, change];
    wake();
  }
  expect(waiting).toEqual([]);
  return plan;
}

describe('changes of ids, whatever order and however often they arrive', () => {
  const orders = (count: number) =>
    fc
      .tuple(
        fc.shuffledSubarray(
          Array.from({ length: count }, (_, n) => n),
          { minLength: count },
        ),
        fc.array(fc.nat(count - 1), { maxLength: 4 }),
      )
      .map(([once, again]) => [...once, ...again]);
  const chains = (step: fc.Arbitrary<number>, numbers: fc.Arbitrary<string>, withBsuid: boolean) =>
    fc
      .array(fc.record({ step, number: numbers, isNumber: fc.boolean(), isBsuid: fc.boolean() }), {
        minLength: 1,
        maxLength: 6,
      })
      .chain((links) => {
        const ids: Ids[] = [[withBsuid ? 'b0' : null, 'n']];
        const changes: ReturnType<typeof changeOf>[] = [];
        let at = 1;
        for (const [index, link] of links.entries()) {
          const [before, number] = ids.at(-1) ?? [null, null];
          const isNumber = link.isNumber || !withBsuid;
          const next: Ids = [
            withBsuid && (link.isBsuid || !isNumber) ? `b${String(index + 1)}` : before,
            isNumber ? link.number.replace('#', String(index)) : number,
          ];
          if (next[0] === before && next[1] === number) continue;
          at += link.step;
          changes.push(changeOf(at, ids.at(-1) ?? [null, null], next));
          ids.push(next);
        }
        return orders(changes.length + 1).map((order) => ({ ids, changes, order }));
      });

  it.each([
    ['of one second too, never back', chains(fc.nat(1), fc.constant('n#'), true)],
    ['of one second too, by numbers alone', chains(fc.nat(1), fc.constant('n#'), false)],
    ['and back to a number', chains(fc.constant(1), fc.constantFrom('n', 'm', 'k'), true)],
  ])('end at the newest ids of one contact: %s', (_, cases) => {
    fc.assert(
      fc.property(cases, ({ ids, changes, order }) => {
        const plan = told(ids[0] ?? [null, null], changes, order);
        expect([plan.newContactIds.size, plan.merges]).toEqual([1, []]);
        const [id] = plan.newContactIds;
        const [lastBsuid, lastNumber] = ids.at(-1) ?? [null, null];
        expect(plan.contacts.get(id ?? '')?.phone).toBe(lastNumber);
        const current = plan
          .changes()
          .inserted.filter(({ retiredAt }) => retiredAt === null)
          .map(({ value }) => value);
        expect(current.sort()).toEqual([lastBsuid, lastNumber].filter((value) => value !== null).sort());
        // Whatever they wrote under ids of before, at its time, is theirs.
        for (const { change, at } of changes) {
          const said = claim({ bsuid: change.previousBsuid, waId: change.previousWaId });
          expect(plan.resolve(said, PORTFOLIO, new Date(at.getTime() - 1))).toBe(id);
        }
        expect(plan.contacts.get(id ?? '')?.phone).toBe(lastNumber);
      }),
      { numRuns: 500 },
    );
  });
});

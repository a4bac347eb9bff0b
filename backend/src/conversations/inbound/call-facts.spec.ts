import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallFacts, foldCall, isSameCall, outcomeOf, type StoredCall, toCall } from './call-facts.js';

const AT = '2026-11-18T11:06:40.000Z';
const LATER = '2026-11-18T11:07:17.000Z';
const inbound: CallFacts = { direction: 'inbound', at: AT };
const outbound: CallFacts = { direction: 'outbound', at: AT };

const folded = (facts: readonly CallFacts[]): StoredCall => {
  let call: StoredCall | null = null;
  for (const one of facts) call = foldCall(call, 'wacid.1', one);
  if (!call) throw new Error('nothing to fold');
  return call;
};

describe('the outcome of a call', () => {
  it.each([
    ['rings until more is said', inbound, 'ringing'],
    ['is missed when it ends and nobody picked up', { ...inbound, endedAt: LATER, failed: false }, 'missed'],
    ['is missed though Meta calls it failed', { ...inbound, endedAt: LATER, failed: true }, 'missed'],
    ['is answered when they talked', { ...inbound, talkedAt: AT, endedAt: LATER, seconds: 37 }, 'answered'],
    ['goes on once it is accepted', { ...outbound, acceptedAt: AT }, 'ongoing'],
    ['is declined by the customer', { ...outbound, declinedAt: LATER }, 'declined'],
    ['stays declined when it ends', { ...outbound, declinedAt: LATER, endedAt: LATER, failed: true }, 'declined'],
    ['failed on its way out', { ...outbound, endedAt: LATER, failed: true }, 'failed'],
    ['was not taken by the customer', { ...outbound, endedAt: LATER, failed: false }, 'missed'],
  ] as const)('%s', (_what, facts, outcome) => {
    expect(outcomeOf(facts)).toBe(outcome);
  });

  it('says how long they talked, of an answered call only', () => {
    expect(toCall({ ...inbound, talkedAt: AT, endedAt: LATER, seconds: 37 })).toEqual({
      direction: 'inbound',
      outcome: 'answered',
      seconds: 37,
      startedAt: AT,
    });
    expect(toCall({ ...inbound, endedAt: LATER, seconds: 0 }).seconds).toBeNull();
  });
});

describe('what is known of a call', () => {
  const time = fc.constantFrom(AT, LATER, '2026-11-18T11:06:41.000Z');
  const facts: fc.Arbitrary<CallFacts> = fc
    .record(
      {
        at: time,
        acceptedAt: time,
        declinedAt: time,
        talkedAt: time,
        endedAt: time,
        failed: fc.boolean(),
        seconds: fc.nat(100),
      },
      { requiredKeys: ['at'] },
    )
    .map((given) => ({ direction: 'outbound', ...given }));

  it('is the same for every order and repetition', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.double()), (all, keys) => {
        const shuffled = [...all, ...all]
          .map((one) => ({ one, key: keys.next().value }))
          .sort((a, b) => (a.key < b.key ? -1 : 1))
          .map(({ one }) => one);
        expect(isSameCall(folded(shuffled), folded(all))).toBe(true);
      }),
    );
  });
});

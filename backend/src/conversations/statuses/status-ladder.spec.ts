import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, join, stateOf, type StatusFacts } from './status-ladder.js';
import { statusSteps, type StatusReport, type StatusStep } from './status-report.js';

const report = (step: StatusStep | null, second: number, over: Partial<StatusReport> = {}): StatusReport => ({
  wamid: 'wamid.1',
  participant: '',
  step,
  value: step ?? 'warming',
  at: new Date(second * 1_000),
  errors: step === 'failed' ? [{ code: 131026, title: `at ${second}`, detail: null }] : [],
  pricing: null,
  callback: null,
  ...over,
});

interface Drawn {
  step: StatusStep | null;
  second: number;
  type: string | null;
}
const reports = fc.array(
  fc.record<Drawn>({
    step: fc.option(fc.constantFrom(...statusSteps)),
    second: fc.integer({ min: 1, max: 6 }),
    type: fc.option(fc.constantFrom('regular', 'free_customer_service', 'free_entry_point')),
  }),
  { minLength: 1, maxLength: 8 },
);
const toReports = (drawn: Drawn[]) =>
  drawn.map(({ step, second, type }) => report(step, second, { pricing: type === null ? null : { type } }));
const fold = (all: readonly StatusReport[]): StatusFacts => all.map(factsOf).reduce((left, right) => join(left, right));

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

describe('the ladder', () => {
  it.each<[StatusStep[], StatusStep]>([
    [['accepted'], 'accepted'],
    [['accepted', 'sent'], 'sent'],
    [['sent', 'failed'], 'failed'],
    [['accepted', 'failed'], 'failed'],
    [['delivered', 'failed'], 'delivered'],
    [['read', 'failed'], 'read'],
    [['read'], 'read'],
    [['read', 'played', 'sent'], 'played'],
  ])('of %j is %s, in every order and however often repeated', (steps, state) => {
    for (const order of permutations(steps.map((step, index) => report(step, index + 1)))) {
      expect(stateOf(fold(order).times)).toBe(state);
      expect(stateOf(fold([...order, ...order]).times)).toBe(state);
    }
  });

  it('says nothing where only unknown values came, and keeps them', () => {
    const facts = fold([report(null, 5), report(null, 3), report(null, 9)]);
    expect(stateOf(facts.times)).toBeNull();
    expect(facts.others).toEqual({ warming: new Date(3_000).toISOString() });
  });

  it('takes the errors of the earliest failure', () => {
    expect(fold([report('failed', 9), report('failed', 2), report('failed', 5)]).errors).toEqual([
      { code: 131026, title: 'at 2', detail: null },
    ]);
  });

  it('keeps what was said of the price, and of two that differ the one that costs', () => {
    const free = report('delivered', 2, { pricing: { billable: false, type: 'free_customer_service' } });
    const billed = report('sent', 1, { pricing: { billable: true, type: 'regular' } });
    expect(fold([report('read', 3), free]).pricing).toEqual(free.pricing);
    expect(fold([free, billed]).pricing).toEqual(billed.pricing);
    expect(fold([billed, free]).pricing).toEqual(billed.pricing);
  });

  it('is the same for every order', () => {
    fc.assert(
      fc.property(
        reports.chain((drawn) => fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length }))),
        ([drawn, shuffled]) => {
          expect(fold(toReports(shuffled))).toEqual(fold(toReports(drawn)));
        },
      ),
    );
  });

  it('is the same for every grouping and repetition', () => {
    fc.assert(
      fc.property(reports, reports, (first, second) => {
        const [left, right] = [toReports(first), toReports(second)];
        const together = fold([...left, ...right]);
        expect(join(fold(left), fold(right))).toEqual(together);
        expect(join(together, fold(left))).toEqual(together);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { StatusReport } from '../statuses/status-report.js';
import { latest, tellsMarketingStop } from './marketing-stops.js';

const report = (over: Partial<StatusReport>, codes: readonly (number | null)[] = [131_050]): StatusReport => ({
  wamid: 'wamid.A',
  participant: '',
  step: 'failed',
  value: 'failed',
  at: new Date(0),
  errors: codes.map((code) => ({ code, title: null, detail: null })),
  pricing: null,
  callback: null,
  ...over,
});

describe('a status', () => {
  it.each<[string, StatusReport, boolean]>([
    ['that failed so tells it', report({}), true],
    ['that failed so among others tells it', report({}, [131_000, null, 131_050]), true],
    ['that failed otherwise does not', report({}, [131_049, 131_063, null]), false],
    ['that failed without a reason does not', report({}, []), false],
    ['that arrived does not, whatever is said with it', report({ step: 'delivered' }), false],
    ['of a member of a group does not', report({ participant: '14155550100' }), false],
  ])('%s', (_what, one, tells) => {
    expect(tellsMarketingStop(one)).toBe(tells);
  });
});

describe('several refusals of one contact', () => {
  it('count as of the last, in any order', () => {
    const [first, last] = [new Date(1_000), new Date(2_000)];
    const stops = [
      { contactId: 'a', at: first },
      { contactId: 'b', at: first },
      { contactId: 'a', at: last },
    ];
    for (const order of [stops, stops.toReversed()]) {
      expect(latest(order)).toEqual(
        new Map([
          ['a', last],
          ['b', first],
        ]),
      );
    }
  });
});

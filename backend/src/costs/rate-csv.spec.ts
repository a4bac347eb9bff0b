import { describe, expect, it } from 'vitest';
import { parseRates, RATE_LINES_MAX } from '@parley/contract';

const LINE = { effectiveFrom: '2026-10-01', prefix: '55', category: 'marketing', currency: 'USD', amount: '0.0625' };

describe('a table of rates', () => {
  it.each([
    ['commas', '2026-10-01,55,marketing,USD,0.0625'],
    ['semicolons', '2026-10-01;55;marketing;USD;0.0625'],
    ['tabs, as a spreadsheet copies them', '2026-10-01\t55\tmarketing\tUSD\t0.0625\r\n'],
    ['blanks and small letters', ' 2026-10-01 , +55 , Marketing , usd , 0.0625 '],
    ['quotes', '"2026-10-01","55","marketing","USD","0.0625"'],
    [
      'names of columns in another order',
      'Amount,currency,category,prefix,Effective From\n0.0625,USD,marketing,55,2026-10-01',
    ],
    ['a byte order mark and empty lines', '\uFEFF\n\n2026-10-01,55,marketing,USD,0.0625\n\n'],
  ])('is read with %s', (_how, text) => {
    expect(parseRates(text)).toEqual({ rates: [LINE], faults: [] });
  });

  it('takes * or nothing as every other number, and Meta’s hyphens as ours', () => {
    const { rates } = parseRates('2026-10-01,*,authentication-international,USD,1\n2026-10-01,,utility,USD,0');
    expect(rates).toMatchObject([
      { prefix: '', category: 'authentication_international' },
      { prefix: '', amount: '0' },
    ]);
  });

  it('tells every fault by its line, as an editor counts, and keeps what is right', () => {
    const text = [
      '2026-10-01,55,marketing,USD,0.0625',
      '',
      '2026-02-30,55,utility,USD,0.1',
      '2026-10-01,x,utility,US,0,1',
      '2026-10-01,55,,USD,',
      '2026-10-01,+55,MARKETING,EUR,1',
      '2026-10-01,44,utility,GBP,1.5',
    ].join('\n');
    const { rates, faults } = parseRates(text);
    expect(faults).toEqual([
      { line: 3, column: 'effective_from', problem: 'malformed', value: '2026-02-30' },
      { line: 4, column: null, problem: 'columns', value: '2026-10-01, x, utility, US, 0, 1' },
      { line: 5, column: 'category', problem: 'missing', value: '' },
      { line: 5, column: 'amount', problem: 'missing', value: '' },
      { line: 6, column: null, problem: 'duplicate', value: '1' },
    ]);
    expect(rates).toEqual([LINE, { ...LINE, prefix: '44', category: 'utility', currency: 'GBP', amount: '1.5' }]);
  });

  it('does not guess what a column means', () => {
    expect(parseRates('prefix,category,price\n55,marketing,1').faults).toMatchObject([{ line: 1, problem: 'columns' }]);
    expect(parseRates('prefix,prefix,category,currency,amount\n1,1,x,USD,1').faults).toMatchObject([
      { line: 1, problem: 'columns' },
    ]);
  });

  it('has an end', () => {
    const lines = Array.from({ length: RATE_LINES_MAX + 2 }, (_, n) => `2026-10-01,${String(n)},utility,USD,1`);
    const { rates, faults } = parseRates(lines.join('\n'));
    expect(rates).toHaveLength(RATE_LINES_MAX);
    expect(faults).toMatchObject([{ line: RATE_LINES_MAX + 1, problem: 'too_many' }]);
  });

  it('of nothing is nothing', () => {
    expect(parseRates(' \n ')).toEqual({ rates: [], faults: [] });
  });
});

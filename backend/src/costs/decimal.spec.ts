import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOf, microsOf } from './decimal.js';

describe('an amount', () => {
  it.each([
    ['0', 0n, '0.00'],
    ['0.0625', 62_500n, '0.0625'],
    ['1.5', 1_500_000n, '1.50'],
    ['0.000001', 1n, '0.000001'],
    ['999999999.999999', 999_999_999_999_999n, '999999999.999999'],
  ])('of %s is %s millionths and is written %s', (text, micros, written) => {
    expect(microsOf(text)).toBe(micros);
    expect(amountOf(micros.toString())).toBe(written);
  });

  it('comes back as it was, and sums of it are exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), (micros) => {
        expect(microsOf(amountOf(micros.toString()))).toBe(micros);
      }),
    );
    const tenths = Array.from({ length: 10 }, () => microsOf('0.1')).reduce((sum, one) => sum + one, 0n);
    expect(amountOf(tenths.toString())).toBe('1.00');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePlaces, decodeCursor, encodeCursor } from './log-cursor.js';

describe('a cursor', () => {
  const cursor = fc.record({
    epoch: fc.stringMatching(/^[0-9a-f]{16}$/),
    xid: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    id: fc.maxSafeNat(),
  });

  it('survives its journey', () => {
    fc.assert(
      fc.property(cursor, (given) => {
        expect(decodeCursor(encodeCursor(given))).toEqual(given);
      }),
    );
  });

  it('is ordered by transaction, then by insert, as numbers', () => {
    expect(comparePlaces({ xid: '9', id: 5 }, { xid: '10', id: 1 })).toBeLessThan(0);
    expect(comparePlaces({ xid: '10', id: 9 }, { xid: '10', id: 10 })).toBeLessThan(0);
    expect(comparePlaces({ xid: '10', id: 10 }, { xid: '10', id: 10 })).toBe(0);
    expect(comparePlaces({ xid: String(2n ** 60n + 1n), id: 0 }, { xid: String(2n ** 60n), id: 9 })).toBeGreaterThan(0);
  });

  it('is nothing else that a client may send', () => {
    const raw = (text: string) => Buffer.from(text).toString('base64url');
    for (const text of [
      '',
      'abc',
      raw('0123456789abcdef.1'),
      raw('0123456789ABCDEF.1.1'),
      raw('0123456789abcdef.01.1'),
      raw(`0123456789abcdef.${2n ** 64n}.1`),
    ]) {
      expect(decodeCursor(text)).toBeNull();
    }
    fc.assert(fc.property(fc.string(), (text) => void decodeCursor(text)));
  });
});

import { describe, expect, it } from 'vitest';
import { byteSize } from './byte-size.js';

describe('a size', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [9_940, '9.9 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [5_242_880, '5.2 MB'],
    [104_857_600, '105 MB'],
  ])('of %i bytes is %s', (bytes, expected) => {
    expect(byteSize(bytes, 'en')).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { fuzzyScore } from './fuzzy.js';

describe('fuzzy finding', () => {
  it('puts the beginning before a word, a word before the middle, and gaps last', () => {
    const texts = ['Order number', 'Your order', 'Reorder', 'Opening remarks do end rarely'];
    const scores = texts.map((text) => fuzzyScore('order', text));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(scores).size).toBe(scores.length);
  });

  it('finds nothing where a letter is missing, everything for no words, and overlooks accents', () => {
    expect(fuzzyScore('xyz', 'Order')).toBe(0);
    expect(fuzzyScore('', 'Order')).toBeGreaterThan(0);
    expect(fuzzyScore('cao', 'Cão')).toBe(100);
  });
});

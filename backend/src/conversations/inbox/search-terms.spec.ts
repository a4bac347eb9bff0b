import { describe, expect, it } from 'vitest';
import { parseSearch } from './search-terms.js';

describe('what was typed into the search field', () => {
  it('is nothing when it is blank or cannot be stored', () => {
    expect(parseSearch('  ')).toBeNull();
    expect(parseSearch('\0\ud800')).toBeNull();
  });

  it('is words, each a quoted prefix', () => {
    expect(parseSearch("O'Neil a\\b")).toEqual({
      words: [
        { text: "O'Neil", isInfix: true },
        { text: 'a\\b', isInfix: true },
      ],
      phoneDigits: null,
      tsquery: "'O''Neil' & 'a\\\\b'",
      tsqueryBefore: "'O''Neil'",
    });
    expect(parseSearch('jo')).toMatchObject({ words: [{ text: 'jo', isInfix: false }], tsqueryBefore: null });
  });

  it('is a number however it is written', () => {
    expect(parseSearch('+55 (11) 98765-4321')?.phoneDigits).toBe('5511987654321');
    expect(parseSearch('+5')?.phoneDigits).toBeNull();
    expect(parseSearch('order 12345')?.phoneDigits).toBeNull();
  });

  it('is at most eight words', () => {
    expect(parseSearch('a b c d e f g h i j')?.words).toHaveLength(8);
  });
});

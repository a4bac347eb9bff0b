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
      phoneForms: [],
      userId: null,
      tsquery: "'O''Neil' & 'a\\\\b'",
      tsqueryBefore: "'O''Neil'",
    });
    expect(parseSearch('jo')).toMatchObject({ words: [{ text: 'jo', isInfix: false }], tsqueryBefore: null });
  });

  it('is a number however it is written', () => {
    expect(parseSearch('+1 (206) 555-0142')?.phoneForms).toEqual(['12065550142']);
    expect(parseSearch('+55 (11) 98765-4321')?.phoneForms).toEqual(['5511987654321', '551187654321']);
    expect(parseSearch('+5')?.phoneForms).toEqual([]);
    expect(parseSearch('order 12345')?.phoneForms).toEqual([]);
  });

  it('is an id of Meta’s when all of it has its form', () => {
    expect(parseSearch(' US.13491208655302741918 ')?.userId).toBe('US.13491208655302741918');
    expect(parseSearch('US.ENT.11815799212886844830')?.userId).toBe('US.ENT.11815799212886844830');
    expect(parseSearch('us.134')?.userId).toBeNull();
    expect(parseSearch('US.134 Peggy')?.userId).toBeNull();
  });

  it('is at most eight words', () => {
    expect(parseSearch('a b c d e f g h i j')?.words).toHaveLength(8);
  });
});

import { describe, expect, it } from 'vitest';
import { explain, findRule, fold, type MatchableRule } from './rule-matcher.js';

let nextId = 0;
const rule = (over: Partial<MatchableRule>): MatchableRule => ({
  id: `rule-${(nextId += 1)}`,
  name: 'Prices',
  enabled: true,
  match: 'word',
  keywords: ['price'],
  answer: { text: 'Our prices …', buttons: [] },
  ...over,
});
const isMatched = (over: Partial<MatchableRule>, text: string, buttonId?: string) =>
  findRule([rule(over)], { text, buttonId }) !== null;

describe('matching a rule', () => {
  it('finds whole words, in any case and with or without accents', () => {
    expect(isMatched({ keywords: ['preço'] }, 'Qual é o PRECO?')).toBe(true);
    expect(isMatched({ keywords: ['preco'] }, 'preço!')).toBe(true);
    expect(isMatched({}, 'the price, please')).toBe(true);
    expect(isMatched({}, 'priceless')).toBe(false);
  });

  it('finds phrases word by word, whatever stands between the words', () => {
    expect(isMatched({ keywords: ['order status'] }, 'What about my Order – status?')).toBe(true);
    expect(isMatched({ keywords: ['order status'] }, 'status of my order')).toBe(false);
  });

  it('finds parts of words with `contains` and only the whole message with `exact`', () => {
    expect(isMatched({ match: 'contains' }, 'priceless')).toBe(true);
    expect(isMatched({ match: 'exact' }, '  Price ')).toBe(true);
    expect(isMatched({ match: 'exact' }, 'price list')).toBe(false);
  });

  it('takes a tapped button by its id', () => {
    expect(isMatched({ keywords: ['prices'] }, 'See what it costs', 'prices')).toBe(true);
    expect(isMatched({ keywords: ['prices'] }, 'See what it costs', 'prices-2')).toBe(false);
  });

  it('takes keywords literally, never as patterns', () => {
    expect(isMatched({ match: 'contains', keywords: ['.*'] }, 'anything')).toBe(false);
    expect(isMatched({ match: 'contains', keywords: ['(a+)+$'] }, 'a'.repeat(4_096))).toBe(false);
    expect(isMatched({ match: 'contains', keywords: ['(a+)+$'] }, 'is (a+)+$ safe?')).toBe(true);
  });

  it('works beyond the Latin alphabet and for emoji', () => {
    expect(isMatched({ keywords: ['ÜBER'] }, 'über uns')).toBe(true);
    expect(isMatched({ keywords: ['سعر'] }, 'ما هو سعر الكتاب؟')).toBe(true);
    expect(isMatched({ keywords: ['ціна'] }, 'Яка ціна?')).toBe(true);
    expect(isMatched({ match: 'contains', keywords: ['価格'] }, '価格を教えて')).toBe(true);
    expect(isMatched({ keywords: ['👋'] }, 'hey 👋🏽')).toBe(true);
    expect(fold('İSTANBUL')).toBe('istanbul');
  });

  it('matches nothing with an empty message or a keyword that folds to nothing', () => {
    expect(isMatched({ match: 'contains' }, '')).toBe(false);
    expect(isMatched({ match: 'contains', keywords: ['\u0301'] }, 'text')).toBe(false);
  });

  it('lets the first enabled rule answer and says why the others did not', () => {
    const rules = [
      rule({ name: 'off', enabled: false }),
      rule({ name: 'other', keywords: ['hours'] }),
      rule({ name: 'first' }),
      rule({ name: 'second' }),
    ];
    const result = explain(rules, { text: 'price' });
    expect(result.ruleId).toBe(rules[2]?.id);
    expect(result.fallback).toBe(false);
    expect(result.steps.map((step) => step.outcome)).toEqual(['disabled', 'no_match', 'matched', 'not_reached']);
    expect(result.steps[2]?.keyword).toBe('price');
    expect(result.steps.map((step) => step.reason)).toEqual(['disabled', 'absent', 'fires', 'after_match']);
    expect(result.steps.map((step) => step.near)).toEqual(['price', null, 'price', 'price']);
    expect(explain(rules, { text: 'hello' })).toMatchObject({ ruleId: null, answer: null, fallback: true });
  });

  it('names the keyword that is there, but not as its rule asks', () => {
    const rules = [
      rule({ name: 'words', keywords: ['rice'] }),
      rule({ name: 'whole', match: 'exact', keywords: ['the price'] }),
      rule({ name: 'anywhere', match: 'contains', keywords: ['prize'] }),
    ];
    expect(explain(rules, { text: 'What is the price?' }).steps).toMatchObject([
      { reason: 'inside_word', near: 'rice' },
      { reason: 'not_whole', near: 'the price' },
      { reason: 'absent', near: null },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { toListQuery } from './list-query.js';

describe('a search with filters', () => {
  it.each([
    ['maria silva', { q: 'maria silva' }],
    ['tag:refund', { tag: 'refund' }],
    ['maria tag:"big order" priority:HIGH', { q: 'maria', tag: 'big order', priority: 'high' }],
    ['tag: priority:soon', {}],
    ['vintage:map', { q: 'vintage:map' }],
  ])('%s', (words, query) => {
    expect(toListQuery(words)).toEqual(query);
  });
});

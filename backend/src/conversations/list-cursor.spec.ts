import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeListCursor, decodeThreadCursor, encodeListCursor, encodeThreadCursor } from './list-cursor.js';

describe('cursors of lists', () => {
  it('come back as they went out', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('activity' as const, 'oldest' as const, 'waiting' as const, 'window' as const),
        fc.integer({ min: 0, max: 9_000_000_000_000_000 }),
        fc.uuid(),
        (sort, keyMicros, id) => {
          const place = { sort, keyMicros, id, rank: null };
          expect(decodeListCursor(encodeListCursor(place), sort)).toEqual(place);
        },
      ),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.uuid(), (rank, id) => {
        const place = { sort: 'priority' as const, keyMicros: 1_790_000_000_000_001, id, rank };
        expect(decodeListCursor(encodeListCursor(place), 'priority')).toEqual(place);
      }),
    );
    const place = { eventSecond: 1_790_000_000, seq: 12, lowestSeq: 9 };
    expect(decodeThreadCursor(encodeThreadCursor(place))).toEqual(place);
  });

  it('of another order, or of nobody, are refused', () => {
    const place = { keyMicros: 1, id: '01890000-0000-7000-8000-000000000000', rank: null };
    const cursor = encodeListCursor({ sort: 'activity', ...place });
    expect(() => decodeListCursor(cursor, 'window')).toThrow('another list');
    const rankless = encodeListCursor({ sort: 'priority', ...place });
    expect(() => decodeListCursor(rankless, 'priority')).toThrow('another list');
    const ranked = encodeListCursor({ sort: 'activity', ...place, rank: 2 });
    expect(() => decodeListCursor(ranked, 'activity')).toThrow('another list');
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text !== cursor);
        expect(() => decodeListCursor(text, 'activity')).toThrow('not a cursor');
        expect(() => decodeThreadCursor(text)).toThrow('not a cursor');
      }),
    );
  });
});

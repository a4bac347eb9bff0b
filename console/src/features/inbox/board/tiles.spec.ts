import type { Conversation } from '@parley/contract';
import { expect, it } from 'vitest';
import type { BoardColumn } from './columns.js';
import { boardTiles, pulse } from './tiles.js';

const NOW = Date.parse('2026-01-05T12:00:00.000Z');
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
const card = (id: string, waitingSince: string | null, windowExpiresAt: string | null = null): Conversation =>
  ({ id, waitingSince, windowExpiresAt }) as Conversation;
const column = (key: string, state: BoardColumn['state'], cards: Conversation[]): BoardColumn => ({
  key,
  lanes: 'people',
  agent: state && { id: key, name: key },
  team: null,
  state,
  cards,
});

it('counts who waits wherever they stand, and the longest of them', () => {
  const columns = [
    column('queue', null, [card('a', at(-5)), card('b', null)]),
    column('ana', 'here', [card('c', at(-9))]),
    column('ben', 'idle', []),
    column('chen', 'away', []),
    column('dora', 'inactive', []),
  ];
  expect(boardTiles(columns, NOW)).toEqual({
    waiting: 2,
    oldest: { id: 'c', since: at(-9) },
    unclaimed: 2,
    closing: 0,
    here: 2,
    away: 1,
  });
});

it('counts windows that close within the hour, not those that are closed or were never open', () => {
  const cards = [at(60), at(61), at(0), at(-1), null].map((until, n) => card(String(n), null, until));
  expect(boardTiles([column('queue', null, cards)], NOW).closing).toBe(1);
});

it('has nothing to say of an empty board', () => {
  expect(boardTiles([], NOW)).toMatchObject({ waiting: 0, oldest: null, unclaimed: 0 });
});

it.each([
  [NOW - 3_999, true, { isLive: true, age: 3 }],
  [NOW - 4_000, true, { isLive: false, age: 4 }],
  [NOW - 500, false, { isLive: false, age: 0 }],
  [NOW + 300, true, { isLive: true, age: 0 }],
  [0, true, { isLive: false, age: null }],
])('believes a wall only as long as the server is heard (%#)', (heardAt, isConnected, expected) => {
  expect(pulse(heardAt, NOW, isConnected)).toEqual(expected);
});

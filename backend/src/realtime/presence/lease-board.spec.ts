import { describe, expect, it } from 'vitest';
import type { SocketLease } from '../sockets/socket-types.js';
import { LeaseBoard } from './lease-board.js';

const lease = (over: Partial<SocketLease> = {}): SocketLease => ({
  socketId: 's1',
  agent: { id: 'a', name: 'Ana' },
  viewing: [],
  typing: null,
  leaseMs: 40_000,
  ...over,
});

describe('the board of leases', () => {
  it('knows an agent once, however many sockets they have, until the last is gone', () => {
    const board = new LeaseBoard();
    expect(board.apply(lease(), 0).presence).toBe(true);
    expect(board.apply(lease({ socketId: 's2' }), 0).presence).toBe(false);
    expect(board.online()).toEqual([{ id: 'a', name: 'Ana' }]);
    expect(board.apply(lease({ leaseMs: 0 }), 1).presence).toBe(false);
    expect(board.apply(lease({ socketId: 's2', leaseMs: 0 }), 1).presence).toBe(true);
    expect(board.online()).toEqual([]);
  });

  it('tells which conversations a change touches, and nothing when nothing changed', () => {
    const board = new LeaseBoard();
    expect([...board.apply(lease({ viewing: ['c1'] }), 0).conversationIds]).toEqual(['c1']);
    expect([...board.apply(lease({ viewing: ['c1'] }), 1).conversationIds]).toEqual([]);
    expect([...board.apply(lease({ viewing: ['c2'], typing: 'c2' }), 2).conversationIds].sort()).toEqual(['c1', 'c2']);
    expect(board.viewers('c1')).toEqual([]);
    expect(board.typists('c2')).toEqual([{ id: 'a', name: 'Ana' }]);
  });

  it('lets a lease run out unless it is renewed', () => {
    const board = new LeaseBoard();
    board.apply(lease({ viewing: ['c1'] }), 0);
    board.apply(lease({ socketId: 's2', agent: { id: 'b', name: 'Ben' }, viewing: ['c1'] }), 0);
    board.apply(lease({ viewing: ['c1'] }), 15_000);
    const change = board.expire(40_000);
    expect([change.presence, [...change.conversationIds]]).toEqual([true, ['c1']]);
    expect(board.viewers('c1')).toEqual([{ id: 'a', name: 'Ana' }]);
    expect([...board.expire(55_000).conversationIds]).toEqual(['c1']);
    expect(board.expire(60_000)).toEqual({ presence: false, conversationIds: new Set() });
  });

  it('shows a hidden tab as idle, and an agent as idle only when every tab of theirs is hidden', () => {
    const board = new LeaseBoard();
    const hidden = lease({ viewing: ['c1'], idle: true });
    board.apply(lease({ viewing: ['c1'] }), 0);
    expect(board.apply(hidden, 1)).toEqual({ presence: true, conversationIds: new Set(['c1']) });
    expect(board.viewers('c1')).toEqual([{ id: 'a', name: 'Ana', idle: true }]);
    expect(board.online()).toEqual([{ id: 'a', name: 'Ana', idle: true }]);
    expect([board.lookedAtByOthers('b'), board.isLookingAt('a', 'c1')]).toEqual([[], false]);
    expect(board.apply(lease({ socketId: 's2', viewing: ['c1'] }), 2).presence).toBe(true);
    expect(board.viewers('c1')).toEqual([{ id: 'a', name: 'Ana' }]);
    expect([board.lookedAtByOthers('b'), board.lookedAtByOthers('a')]).toEqual([['c1'], []]);
    expect(board.isLookingAt('a', 'c1')).toBe(true);
  });
});

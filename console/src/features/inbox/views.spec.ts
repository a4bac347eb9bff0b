import { describe, expect, it } from 'vitest';
import { at, conversation } from '../../../test/builders.js';
import { compareKeys, sortAdmits, sortKey, viewRules } from './views.js';

const inView = (over: object) =>
  Object.entries(viewRules)
    .filter(([, rule]) => rule.fits(conversation({ id: 'c', ...over }), 'me'))
    .map(([name]) => name);

describe('views', () => {
  it.each([
    [{}, ['unassigned', 'all']],
    [{ assignee: { id: 'me', name: 'Me' } }, ['mine', 'all']],
    [{ assignee: { id: 'ana', name: 'Ana' } }, ['all']],
    [{ status: 'pending' }, ['all', 'bot']],
    [{ status: 'snoozed', assignee: { id: 'me', name: 'Me' } }, ['all', 'snoozed']],
    [{ status: 'resolved' }, ['resolved']],
  ])('a pushed %j belongs to %j', (over, views) => {
    expect(inView(over)).toEqual(views);
  });

  it('sorts like the server: newest activity, oldest, longest wait, window closing soonest', () => {
    const a = conversation({ id: 'a', lastActivityAt: at(1), waitingSince: at(9), windowExpiresAt: at(50) });
    const b = conversation({ id: 'b', lastActivityAt: at(2), waitingSince: at(8), windowExpiresAt: at(60) });
    const first = (sort: 'activity' | 'oldest' | 'waiting' | 'window') =>
      [a, b].sort((x, y) => compareKeys(sortKey(x, sort), sortKey(y, sort), sort))[0]?.id;
    expect([first('activity'), first('oldest'), first('waiting'), first('window')]).toEqual(['b', 'a', 'b', 'a']);
  });

  it('sorts by priority like the server: the most urgent first, of each the newest, and of one instant the newest id', () => {
    const rows = [
      conversation({ id: 'none', lastActivityAt: at(9) }),
      conversation({ id: 'low', priority: 'low', lastActivityAt: at(8) }),
      conversation({ id: 'normal', priority: 'normal', lastActivityAt: at(7) }),
      conversation({ id: 'high a', priority: 'high', lastActivityAt: at(5) }),
      conversation({ id: 'high b', priority: 'high', lastActivityAt: at(5) }),
      conversation({ id: 'high c', priority: 'high', lastActivityAt: at(6) }),
      conversation({ id: 'urgent', priority: 'urgent', lastActivityAt: at(1) }),
    ];
    const keys = rows.map((row) => sortKey(row, 'priority')).sort((a, b) => compareKeys(a, b, 'priority'));
    expect(keys.map(({ id }) => id)).toEqual(['urgent', 'high c', 'high b', 'high a', 'normal', 'low', 'none']);
  });

  it('has no place for what an order cannot say anything about', () => {
    const now = Date.parse(at(100));
    expect(sortAdmits(conversation({ id: 'a' }), 'waiting', now)).toBe(false);
    expect(sortAdmits(conversation({ id: 'a', windowExpiresAt: at(99) }), 'window', now)).toBe(false);
    expect(sortAdmits(conversation({ id: 'a', windowExpiresAt: at(101) }), 'window', now)).toBe(true);
    expect(sortAdmits(conversation({ id: 'a' }), 'activity', now)).toBe(true);
  });
});

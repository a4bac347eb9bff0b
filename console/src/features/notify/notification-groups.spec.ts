import type { Notification } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { groupNotifications, pathOf } from './notification-groups.js';

let count = 0;
const told = (over: Partial<Notification> & { thread?: string } = {}): Notification => {
  count += 1;
  const { thread = 'c1', ...rest } = over;
  return {
    id: `n${String(count)}`,
    kind: 'message',
    conversation: {
      id: thread,
      contact: { id: 'p1', name: 'Maria' },
      channel: { id: 'ch1', name: 'Shop' },
      team: null,
    },
    count: 1,
    messageId: null,
    actor: null,
    message: null,
    until: null,
    at: '2026-11-26T10:00:00.000Z',
    readAt: null,
    ...rest,
  };
};

describe('the notification centre', () => {
  it('shows what is new first, one row for each thread', () => {
    const readAt = '2026-11-26T11:00:00.000Z';
    const items = [
      told({ thread: 'a' }),
      told({ thread: 'b', readAt }),
      told({ thread: 'a', kind: 'assigned' }),
      told({ thread: 'c' }),
      told({ thread: 'a', readAt }),
    ];
    expect(
      groupNotifications(items).map(({ key, groups }) => [key, groups.map((group) => [group.key, group.items.length])]),
    ).toEqual([
      [
        'new',
        [
          ['a', 2],
          ['c', 1],
        ],
      ],
      [
        'earlier',
        [
          ['b', 1],
          ['a', 1],
        ],
      ],
    ]);
    expect(groupNotifications([])).toEqual([]);
  });

  it.each([
    ['message', '/inbox/all/c1'],
    ['mention', '/inbox/all/c1?to=m1'],
    ['failed', '/inbox/all/c1?to=m1'],
  ] as const)('leads from a %s to %s', (kind, path) => {
    expect(pathOf(told({ kind, messageId: 'm1' }))).toBe(path);
  });

  it('leads to the thread itself where it is about nothing in it', () => {
    expect(pathOf(told({ kind: 'queue' }))).toBe('/inbox/all/c1');
  });
});

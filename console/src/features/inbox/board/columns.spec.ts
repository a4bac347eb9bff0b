import type { Conversation } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { boardColumns, NO_TEAM, QUEUE, stopwatch, teamColumns, waitPhase } from './columns.js';

const ana = { id: 'a', name: 'Ana', active: true };
const ben = { id: 'b', name: 'Ben', active: true };
const gone = { id: 'g', name: 'Aaron', active: false };
const nobody = { agents: [ben, ana, gone], online: new Set<string>(), idle: new Set<string>() };

const thread = (id: string, over: Partial<Conversation> = {}): Conversation =>
  ({
    id,
    status: 'open',
    assignee: null,
    waitingSince: null,
    lastActivityAt: '2026-11-26T10:00:00.000Z',
    ...over,
  }) as Conversation;
const cardsOf = (conversations: Conversation[], key: string) =>
  boardColumns(conversations, nobody)
    .find((column) => column.key === key)
    ?.cards.map(({ id }) => id);

describe('boardColumns', () => {
  it('has the queue first, then everybody who works here by name', () => {
    expect(boardColumns([], nobody).map(({ key }) => key)).toEqual([QUEUE, 'a', 'b']);
  });

  it('puts who waits longest on top, and those who do not wait behind them, the latest first', () => {
    const conversations = [
      thread('quiet', { lastActivityAt: '2026-11-26T08:00:00.000Z' }),
      thread('second', { waitingSince: '2026-11-26T09:30:00.000Z' }),
      thread('latest', { lastActivityAt: '2026-11-26T11:00:00.000Z' }),
      thread('first', { waitingSince: '2026-11-26T09:00:00.000Z' }),
    ];
    expect(cardsOf(conversations, QUEUE)).toEqual(['first', 'second', 'latest', 'quiet']);
  });

  it('settles what began in the same moment by the id, whatever order it came in', () => {
    const same = [
      thread('2', { waitingSince: '2026-11-26T09:00:00.000Z' }),
      thread('1', { waitingSince: '2026-11-26T09:00:00.000Z' }),
    ];
    expect(cardsOf(same, QUEUE)).toEqual(['1', '2']);
    expect(cardsOf(same.toReversed(), QUEUE)).toEqual(['1', '2']);
  });

  it('shows only what is open: not the bot’s, not what sleeps, not what is resolved', () => {
    const conversations = [
      thread('bot', { status: 'pending' }),
      thread('asleep', { status: 'snoozed', assignee: ana }),
      thread('done', { status: 'resolved' }),
      thread('mine', { assignee: ana }),
    ];
    expect(cardsOf(conversations, QUEUE)).toEqual([]);
    expect(cardsOf(conversations, 'a')).toEqual(['mine']);
  });

  it('shows who no longer works here only as long as something is theirs, and last', () => {
    const columns = boardColumns([thread('left', { assignee: gone })], nobody);
    expect(columns.map(({ key }) => key)).toEqual([QUEUE, 'a', 'b', 'g']);
    expect(columns.at(-1)?.state).toBe('inactive');
  });

  it('shows an owner whom the list of agents does not know yet', () => {
    const columns = boardColumns([thread('new', { assignee: { id: 'z', name: 'Zoe' } })], nobody);
    expect(columns.at(-1)).toMatchObject({ key: 'z', state: 'away' });
  });

  it('tells who is here, who looks elsewhere and who is away', () => {
    const states = boardColumns([], { agents: [ana, ben], online: new Set(['a', 'b']), idle: new Set(['b']) });
    expect(states.map(({ state }) => state)).toEqual([null, 'here', 'idle']);
    expect(boardColumns([], nobody)[1]?.state).toBe('away');
  });
});

describe('teamColumns', () => {
  const [orders, art] = [
    { id: 'o', name: 'Orders' },
    { id: 'r', name: 'Art' },
  ];

  it('has what belongs to no team first, then every team by name, the empty ones too', () => {
    expect(teamColumns([], [orders, art]).map(({ key }) => key)).toEqual([NO_TEAM, 'r', 'o']);
  });

  it('holds what is open, claimed or not, in the order of the wait', () => {
    const columns = teamColumns(
      [
        thread('none'),
        thread('claimed', { team: orders, assignee: ana, waitingSince: '2026-11-26T09:30:00.000Z' }),
        thread('waits', { team: orders, waitingSince: '2026-11-26T09:00:00.000Z' }),
        thread('done', { team: orders, status: 'resolved' }),
      ],
      [orders],
    );
    expect(columns.map(({ cards }) => cards.map(({ id }) => id))).toEqual([['none'], ['waits', 'claimed']]);
  });

  it('has a column for a team that the counts do not know yet', () => {
    expect(teamColumns([thread('new', { team: art })], [orders]).map(({ key }) => key)).toEqual([NO_TEAM, 'r', 'o']);
  });
});

describe('waiting', () => {
  it('ticks in seconds below an hour', () => {
    expect(stopwatch(-500)).toBe('0:00');
    expect(stopwatch(247_900)).toBe('4:07');
    expect(stopwatch(3_599_999)).toBe('59:59');
    expect(stopwatch(3_600_000)).toBeNull();
  });

  it('is pressing from five minutes, and more so from fifteen', () => {
    expect([299_999, 300_000, 900_000].map(waitPhase)).toEqual(['fresh', 'long', 'too-long']);
  });
});

import { conversationStatuses } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { conversationActions, nextStatus } from './conversation-transitions.js';

/** The whole table, status by status; `-` refuses. */
const TABLE = `
           claim  release  assign  resolve   reopen  snooze   wake
  open     open   open     open    resolved  -       snoozed  -
  pending  open   -        open    resolved  -       -        -
  snoozed  open   open     open    resolved  open    snoozed  open
  resolved -      -        -       -         open    -        -`;

const [header = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

describe('the transition table', () => {
  it('knows every action and every status', () => {
    expect(header).toEqual([...conversationActions]);
    expect(rows.map(([status]) => status).sort()).toEqual([...conversationStatuses].sort());
  });

  for (const status of conversationStatuses) {
    for (const action of conversationActions) {
      const cell = rows.find(([name]) => name === status)?.[header.indexOf(action) + 1];
      const expected = cell === '-' ? null : cell;
      it(`${action} of a conversation that is ${status}: ${expected ?? 'refused'}`, () => {
        expect(nextStatus(status, action)).toBe(expected);
      });
    }
  }
});

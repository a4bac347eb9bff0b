import { describe, expect, it } from 'vitest';
import { growthPlan, population } from './plan.ts';
import { columnsOf, TABLES } from './tables.ts';
import { threadRows } from './thread.ts';
import { WideRandom } from './wide-random.ts';

const plan = growthPlan({ conversations: 400, seed: 7, until: new Date('2026-11-26T12:00:00Z') });

function made(over = plan) {
  const people = population(over);
  return Array.from({ length: over.conversations }, (_, index) =>
    threadRows(over, people, new WideRandom(over.seed, index), index),
  );
}
const linesOf = (rows: ReturnType<typeof made>, table: (typeof TABLES)[number]): string[][] =>
  rows
    .flatMap(({ lines, messages }) =>
      table === 'messages'
        ? messages.map(({ line }) => line)
        : (lines[table] ?? '').split('\n').map((line) => `${line}\n`),
    )
    .filter((line) => line !== '\n')
    .map((line) => line.slice(0, -1).split('\t'));

describe('a large set', () => {
  const rows = made();

  it('is the same for the same seed, to the last byte, and another for another', () => {
    expect(made()).toEqual(rows);
    expect(made({ ...plan, seed: 8 })).not.toEqual(rows);
  });

  it.each(TABLES)('has a value for each column of %s', (table) => {
    const lines = linesOf(rows, table);
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines.map((values) => values.length))).toEqual(new Set([columnsOf(table).length]));
  });

  it("gives nobody another's key", () => {
    const of = (table: (typeof TABLES)[number], column: string): string[] => {
      const at = columnsOf(table).indexOf(column);
      return linesOf(rows, table).map((values) => values[at] ?? '');
    };
    for (const [table, column] of [
      ['conversations', 'id'],
      ['contacts', 'id'],
      ['contacts', 'phone'],
      ['messages', 'id'],
      ['message_keys', 'wamid'],
    ] as const) {
      const keys = of(table, column);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('draws from no stretch twice, however many threads there are', () => {
    const first = new Set<number>();
    for (let index = 0; index < 20_000; index += 1) first.add(new WideRandom(1, index * 50).below(2 ** 32));
    // By the birthdays of 20,000 in 2^32 less than one pair is to be expected.
    expect(first.size).toBeGreaterThan(19_995);
  });

  it('has the spread of a busy inbox', () => {
    const at = columnsOf('conversations').indexOf('status');
    const statuses = linesOf(rows, 'conversations').map((values) => values[at]);
    const share = (status: string): number => statuses.filter((found) => found === status).length / statuses.length;
    expect(share('resolved')).toBeGreaterThan(0.75);
    expect(share('open')).toBeGreaterThan(0.07);
    expect(linesOf(rows, 'messages').length / plan.conversations).toBeGreaterThan(7);
  });
});

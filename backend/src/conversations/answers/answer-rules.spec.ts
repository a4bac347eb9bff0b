import { ATTRIBUTES_MAX } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import {
  type Answered,
  type KeptAttributes,
  type Mapping,
  mappedAnswers,
  timesAfter,
  withAnswers,
} from './answer-rules.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 27, 8, 0, second));
const iso = (second: number): string => at(second).toISOString();
const mapping = (over: Partial<Mapping> = {}): Mapping => ({
  channelId: null,
  form: null,
  field: 'party_size',
  attribute: 'Party',
  ...over,
});
const form = (second: number, answers: Record<string, string>, over: Partial<Answered> = {}): Answered => ({
  channelId: 'north',
  forms: [],
  at: at(second),
  answers: Object.entries(answers).map(([key, value]) => ({ key, value })),
  ...over,
});
const nothing: KeptAttributes = { attributes: {}, times: {} };

describe('answers that become attributes', () => {
  it('are those that a rule names, and nothing where there is no rule', () => {
    const answered = form(1, { party_size: ' 4 ', notes: 'window' });
    expect(mappedAnswers(answered, [])).toEqual([]);
    expect(mappedAnswers(answered, [mapping(), mapping({ attribute: 'Guests' })])).toEqual([
      ['Party', '4'],
      ['Guests', '4'],
    ]);
    expect(mappedAnswers(form(1, { party_size: '  ' }), [mapping()])).toEqual([]);
  });

  it.each<[string, Partial<Mapping>, number]>([
    ['every number and form', {}, 1],
    ['its number', { channelId: 'north' }, 1],
    ['another number', { channelId: 'south' }, 0],
    ['its form by the id', { form: '8841' }, 1],
    ['its form by the name', { form: 'booking' }, 1],
    ['another form', { form: 'survey' }, 0],
  ])('a rule for %s', (_what, over, count) => {
    const answered = form(1, { party_size: '4' }, { forms: ['8841', 'booking'] });
    expect(mappedAnswers(answered, [mapping(over)])).toHaveLength(count);
  });

  it('a rule for one form takes nothing from an answer that quotes none', () => {
    expect(mappedAnswers(form(1, { party_size: '4' }), [mapping({ form: '8841' })])).toEqual([]);
  });

  it('set the attribute, and again with a later form', () => {
    const forms = [form(1, { party_size: '4' }), form(2, { party_size: '5' })];
    expect(withAnswers(nothing, forms, [mapping()])).toEqual({ attributes: { Party: '5' }, times: { Party: iso(2) } });
  });

  it('never undo what is newer: another answer, a change by hand, a removal by hand', () => {
    const late = [form(1, { party_size: '4' })];
    const newer = { attributes: { Party: '6' }, times: { Party: iso(2) } };
    expect(withAnswers(newer, late, [mapping()])).toBeNull();
    const removed = { attributes: {}, times: timesAfter(newer, ['Party'], at(3)) };
    expect(withAnswers(removed, late, [mapping()])).toBeNull();
    expect(withAnswers(removed, [form(4, { party_size: '7' })], [mapping()])?.attributes).toEqual({ Party: '7' });
  });

  it('change nothing when they come once more', () => {
    const forms = [form(1, { party_size: '4' })];
    const after = withAnswers(nothing, forms, [mapping()]);
    expect(after).not.toBeNull();
    expect(withAnswers(after ?? nothing, forms, [mapping()])).toBeNull();
  });

  it('bring no more attributes than a contact may have, but change those that it has', () => {
    const full = Object.fromEntries(Array.from({ length: ATTRIBUTES_MAX }, (_, n) => [`a${n}`, 'x']));
    const kept = { attributes: full, times: {} };
    expect(withAnswers(kept, [form(1, { party_size: '4' })], [mapping()])).toBeNull();
    const changed = withAnswers(kept, [form(1, { party_size: '4' })], [mapping({ attribute: 'a7' })]);
    expect(changed?.attributes).toEqual({ ...full, a7: '4' });
  });

  it('are cut to what the panel takes, never inside a character', () => {
    const [[, value] = ['', '']] = mappedAnswers(form(1, { party_size: `${'x'.repeat(499)}😀` }), [mapping()]);
    expect(value).toBe('x'.repeat(499));
  });

  it('remember when names were taken away, though not of more than some', () => {
    const times = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`gone${n}`, iso(n % 60)]));
    const after = timesAfter({ attributes: { Party: '4' }, times }, ['Party'], at(59));
    expect(Object.keys(after)).toHaveLength(4 * ATTRIBUTES_MAX);
    expect(after).toHaveProperty('Party', iso(59));
    expect(Object.values(after).every((time) => time >= iso(30))).toBe(true);
  });
});

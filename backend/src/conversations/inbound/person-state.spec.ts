import { describe, expect, it } from 'vitest';
import { personAfter, type PersonState, type ToldOfPerson } from './person-state.js';

const NOTHING: PersonState = {
  marketingStopped: false,
  marketingToldAt: null,
  identityHash: null,
  identityHashAt: null,
};
const at = (second: number): Date => new Date(second * 1_000);
const stop = (second: number): ToldOfPerson => ({ kind: 'marketing', at: at(second), stopped: true });
const resume = (second: number): ToldOfPerson => ({ kind: 'marketing', at: at(second), stopped: false });
const hash = (second: number, value: string): ToldOfPerson => ({ kind: 'hash', at: at(second), hash: value });
const changed = (second: number, value: string | null): ToldOfPerson => ({
  kind: 'identity_changed',
  at: at(second),
  hash: value,
});
const after = (...told: ToldOfPerson[]) => told.reduce((state, one) => personAfter(state, one).state, NOTHING);
const news = (...told: ToldOfPerson[]) => {
  let state = NOTHING;
  return told.map((one) => {
    const next = personAfter(state, one);
    state = next.state;
    return next.news;
  });
};

describe('what a person wants of marketing', () => {
  it('is the newest that they said, whatever order it comes in', () => {
    for (const order of [
      [stop(1), resume(2)],
      [resume(2), stop(1)],
    ]) {
      expect(after(...order)).toMatchObject({ marketingStopped: false, marketingToldAt: at(2) });
    }
    expect(after(resume(3), stop(3))).toMatchObject({ marketingStopped: true });
    expect(after(stop(3), resume(3))).toMatchObject({ marketingStopped: true });
  });

  it('is a line where it changes, and none where it is said once more', () => {
    expect(news(stop(1), stop(2), resume(3), resume(3), stop(2))).toEqual([
      'marketing_stopped',
      null,
      'marketing_resumed',
      null,
      null,
    ]);
    expect(news(resume(1))).toEqual([null]);
  });
});

describe('the security code of a person', () => {
  it('is first only known, then told where it changes', () => {
    expect(news(hash(1, 'a'), hash(2, 'a'), hash(3, 'b'), hash(2, 'a'))).toEqual([
      null,
      null,
      'identity_changed',
      null,
    ]);
    expect(after(hash(3, 'b'), hash(1, 'a'))).toMatchObject({ identityHash: 'b', identityHashAt: at(3) });
  });

  it('is of one second the one that arrived later', () => {
    expect(after(hash(3, 'b'), hash(3, 'a'))).toMatchObject({ identityHash: 'a' });
    expect(after(hash(3, 'a'), hash(3, 'b'))).toMatchObject({ identityHash: 'b' });
  });

  it('is told once when Meta says that it changed and the next message has the new one', () => {
    expect(news(hash(1, 'a'), changed(2, 'b'), hash(3, 'b'))).toEqual([null, 'identity_changed', null]);
    expect(news(changed(2, 'b'), changed(2, 'b'))).toEqual(['identity_changed', null]);
    expect(news(changed(2, null))).toEqual(['identity_changed']);
  });
});

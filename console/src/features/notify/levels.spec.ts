import { describe, expect, it } from 'vitest';
import { isQuiet, levelOf, tellingOf } from './levels.js';
import { quietEnd } from './quiet.js';

const as = (over: Partial<Parameters<typeof tellingOf>[1]> = {}) => ({
  choices: {},
  sounds: true,
  quiet: false,
  inSight: false,
  pushedHere: false,
  ...over,
});

describe('how loudly an agent is told', () => {
  it.each([
    ['off', { badge: false, sound: false, desktop: false }],
    ['badge', { badge: true, sound: false, desktop: false }],
    ['sound', { badge: true, sound: true, desktop: false }],
    ['desktop', { badge: true, sound: true, desktop: true }],
    ['push', { badge: true, sound: true, desktop: true }],
  ] as const)('at level %s', (level, telling) => {
    expect(tellingOf('queue', as({ choices: { queue: level } }))).toEqual(telling);
  });

  it('is loud for what is theirs and not for the queue, as long as they chose nothing', () => {
    expect(levelOf('message', {})).toBe('desktop');
    expect(levelOf('queue', {})).toBe('badge');
    expect(levelOf('message', { message: 'off' })).toBe('off');
  });

  it('leaves popping up to the push where this browser takes them', () => {
    const pushed = { badge: true, sound: true, desktop: false };
    expect(tellingOf('message', as({ choices: { message: 'push' }, pushedHere: true }))).toEqual(pushed);
    expect(tellingOf('message', as({ pushedHere: true })).desktop).toBe(true);
  });

  it('only counts while they want to be left alone', () => {
    expect(tellingOf('mention', as({ quiet: true }))).toEqual({ badge: true, sound: false, desktop: false });
  });

  it('says nothing at all of a thread in sight', () => {
    expect(tellingOf('mention', as({ inSight: true }))).toEqual({ badge: false, sound: false, desktop: false });
  });

  it('is silent without sounds, and still shows', () => {
    expect(tellingOf('message', as({ sounds: false }))).toEqual({ badge: true, sound: false, desktop: true });
  });
});

describe('do not disturb', () => {
  const now = new Date(2026, 0, 5, 22, 30).getTime();

  it.each([
    ['half', 30 * 60_000],
    ['hour', 60 * 60_000],
    ['hours', 240 * 60_000],
    ['morning', 9.5 * 60 * 60_000],
  ] as const)('ends when it was said to: %s', (span, ms) => {
    const end = quietEnd(span, now);
    expect(Date.parse(end ?? '') - now).toBe(ms);
    expect(isQuiet(end, now + ms - 1)).toBe(true);
    expect(isQuiet(end, now + ms)).toBe(false);
  });

  it('can be off, and without end', () => {
    expect(isQuiet(quietEnd('off', now), now)).toBe(false);
    expect(isQuiet(quietEnd('always', now), now + 1e12)).toBe(true);
  });
});

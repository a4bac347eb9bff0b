import { describe, expect, it } from 'vitest';
import { AVATAR_TINTS, initialsOf, tintOf } from './avatar.js';

describe('initials', () => {
  it.each([
    ['Maria Lopez', 'ML'],
    ['maria del carmen lopez', 'ML'],
    ['Cher', 'C'],
    ['ليلى حسن', 'لح'],
    ['+351 912 345 678', '#'],
    ['', '?'],
    ['👩‍🚀 Space', '👩‍🚀S'],
  ])('of %j are %j', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('tint', () => {
  it('is the same for the same person and within range', () => {
    expect(tintOf('019a')).toBe(tintOf('019a'));
    for (const seed of ['a', 'b', '', 'ليلى']) expect(tintOf(seed)).toBeLessThan(AVATAR_TINTS);
  });
});

import { describe, expect, it } from 'vitest';
import { dailyLimitOf } from './messaging-limit.js';

describe('the messaging limit', () => {
  it.each([
    ['TIER_50', 50],
    ['TIER_250', 250],
    ['TIER_2K', 2_000],
    ['TIER_100K', 100_000],
    ['2000', 2_000],
    ['TIER_UNLIMITED', null],
    ['UNLIMITED', null],
    ['TIER_NOT_SET', undefined],
    ['TIER_OF_THE_FUTURE', undefined],
  ])('%s is %s a day', (said, limit) => {
    expect(dailyLimitOf(said)).toBe(limit);
  });
});

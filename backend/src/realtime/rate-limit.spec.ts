import { describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limit.js';

describe('the rate limit', () => {
  it('lets a burst pass, then what the rate gives', () => {
    const limit = new RateLimit(20, 40, 0);
    const taken = (atMs: number, tries: number) =>
      Array.from({ length: tries }, () => limit.take(atMs)).filter(Boolean);
    expect(taken(0, 60)).toHaveLength(40);
    expect(taken(49, 10)).toHaveLength(0);
    expect(taken(500, 60)).toHaveLength(10);
    expect(taken(600_000, 60)).toHaveLength(40);
  });
});

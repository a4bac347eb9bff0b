import { describe, expect, it } from 'vitest';
import { FloodGauge } from './flood-gauge.js';

describe('a flood', () => {
  it('is seen while it lasts and over when it is over', () => {
    const gauge = new FloodGauge();
    for (let ms = 0; ms < 1_000; ms += 10) gauge.count(20, ms);
    expect(gauge.isFlooded(1_000)).toBe(false);
    for (let ms = 1_000; ms < 2_000; ms += 10) gauge.count(100, ms);
    expect(gauge.isFlooded(2_000)).toBe(true);
    expect(gauge.isFlooded(2_300)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { FloodGauge } from './flood-gauge.js';

describe('a flood', () => {
  const gaugeAfter = (...sizes: number[]) => {
    const gauge = new FloodGauge();
    sizes.forEach((size, index) => gauge.note(size, index));
    return gauge;
  };

  it('is seen while requests queue, and over when they do not or nothing comes any more', () => {
    const gauge = gaugeAfter(...Array.from({ length: 20 }, (_, index) => (index % 3 === 0 ? 2 : 15)));
    expect(gauge.isFlooded(20)).toBe(true);
    expect(gauge.isFlooded(200)).toBe(false);
    for (let index = 20; index < 30; index += 1) gauge.note(3, index);
    expect(gauge.isFlooded(30)).toBe(false);
  });

  it('is neither a quiet door nor one pause of the process', () => {
    expect(gaugeAfter(1, 1, 1).isFlooded(3)).toBe(false);
    expect(gaugeAfter(2, 3, 80, 60, 4, 2, 1, 3, 2).isFlooded(9)).toBe(false);
  });
});

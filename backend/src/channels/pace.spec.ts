import { describe, expect, it } from 'vitest';
import { nextTokenMs, paceOfPair, refill, slowDown, type Pace } from './pace.js';

const at = (ms: number) => new Date(1_800_000_000_000 + ms);
const full: Pace = { rateLimit: 80, rate: 72, tokens: 72, at: at(0), slowedAt: null };

describe('the pace of a number', () => {
  it('keeps a tenth of the limit free and never holds more than a second’s worth', () => {
    expect(refill({ ...full, tokens: 0 }, at(500)).tokens).toBe(36);
    expect(refill({ ...full, tokens: 0 }, at(60_000)).tokens).toBe(72);
  });

  it('follows a raised limit', () => {
    expect(refill({ ...full, rateLimit: 1_000 }, at(0)).rate).toBe(900);
  });

  it('halves once for all calls that were refused together', () => {
    const once = slowDown(full, at(0));
    expect(once).toMatchObject({ rate: 36, tokens: 0 });
    expect(slowDown(once, at(300)).rate).toBe(36);
    expect(slowDown(once, at(3_000)).rate).toBe(18);
  });

  it('never stands still', () => {
    let pace = full;
    for (let step = 1; step <= 20; step += 1) pace = slowDown(pace, at(step * 3_000));
    expect(pace.rate).toBe(1);
    expect(nextTokenMs(pace)).toBe(1_000);
  });

  it('recovers by a twentieth every ten seconds up to where it was', () => {
    const slowed = slowDown(full, at(0));
    expect(refill(slowed, at(9_999)).rate).toBe(36);
    expect(refill(slowed, at(10_000)).rate).toBeCloseTo(37.8);
    expect(refill(refill(slowed, at(10_000)), at(20_000)).rate).toBeCloseTo(39.69);
    expect(refill(slowed, at(600_000))).toMatchObject({ rate: 72, slowedAt: null });
  });
});

describe('the pace to one customer', () => {
  it('lets 45 out at once, then one in six seconds', () => {
    let tat: Date | null = null;
    for (let sent = 0; sent < 45; sent += 1) {
      const next = paceOfPair(tat, at(0));
      if (!('tat' in next)) throw new Error(`held back after ${sent}`);
      tat = next.tat;
    }
    expect(paceOfPair(tat, at(0))).toEqual({ waitMs: 6_000 });
    expect(paceOfPair(tat, at(6_000))).toHaveProperty('tat');
  });
});

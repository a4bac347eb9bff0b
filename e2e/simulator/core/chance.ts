const INCREMENT = 0x6d2b79f5;
const UINT32 = 2 ** 32;

/** At least 0 and below 1. */
export type Chance = () => number;

/** Seeded chance (mulberry32); without a seed every simulator has draws of its own. */
export function chanceOf(seed?: number): Chance {
  if (seed === undefined) return Math.random;
  let state = seed >>> 0;
  return () => {
    state = (state + INCREMENT) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  };
}

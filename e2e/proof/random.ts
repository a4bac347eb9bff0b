const INCREMENT = 0x6d2b79f5;
const UINT32 = 2 ** 32;

/** Seeded chance (mulberry32): the same seed and label give the same draws, on every machine. */
export class Random {
  readonly #seed: number;
  readonly #label: string;
  #state: number;

  constructor(seed: number, label = '') {
    this.#seed = seed;
    this.#label = label;
    this.#state = [...label].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0, seed >>> 0);
  }

  /** Draws of its own for what runs side by side: what one takes, no other gets. */
  for(label: string): Random {
    return new Random(this.#seed, `${this.#label}/${label}`);
  }

  /** At least 0 and below 1. */
  next(): number {
    this.#state = (this.#state + INCREMENT) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  }

  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items];
    return Array.from({ length: rest.length }, () => rest.splice(this.below(rest.length), 1)[0]!);
  }
}

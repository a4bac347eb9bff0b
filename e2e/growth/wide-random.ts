import { Random } from '../proof/random.ts';

const UINT32 = 2 ** 32;

/**
 * Chance with 128 bits of state (sfc32): among a million threads no two draw from the same stretch, which with 32 bits
 * some do, down to the ids that Meta gives.
 */
export class WideRandom extends Random {
  private a: number;
  private b: number;
  private c = 0;
  private counter = 1;

  constructor(seed: number, index: number) {
    super(0);
    this.a = seed | 0;
    this.b = index | 0;
    // The first draws of neighbours resemble each other.
    for (let round = 0; round < 12; round += 1) this.next();
  }

  override next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / UINT32;
  }
}

import { BoundedMap } from '../core/bounded-map.ts';

/** A bucket that refills steadily: `capacity` at once, then one per `refillMs`. */
interface Bucket {
  tokens: number;
  atMs: number;
}

const MAX_BUCKETS = 100_000;
/** Meta: about the platform, pair rate limits: 45 messages in a burst, then one per 6 seconds to the same user. */
const PAIR_BURST = 45;
const PAIR_REFILL_MS = 6_000;

/** Meta's two limits on sending: per pair of number and user (131056) and per number (130429). */
export class Limits {
  private readonly pairs = new BoundedMap<string, Bucket>(MAX_BUCKETS);
  private readonly numbers = new BoundedMap<string, Bucket>(MAX_BUCKETS);

  /** Takes one message from the pair's allowance; false when it is used up. */
  takePair(phoneNumberId: string, customerKey: string, nowMs: number): boolean {
    return take(this.pairs, `${phoneNumberId}:${customerKey}`, PAIR_BURST, PAIR_REFILL_MS, nowMs);
  }

  /** Takes one message from the number's throughput; false when this second's is used up. */
  takeThroughput(phoneNumberId: string, messagesPerSecond: number, nowMs: number): boolean {
    return take(this.numbers, phoneNumberId, messagesPerSecond, 1_000 / messagesPerSecond, nowMs);
  }

  clear(): void {
    this.pairs.clear();
    this.numbers.clear();
  }
}

function take(buckets: Map<string, Bucket>, key: string, capacity: number, refillMs: number, nowMs: number): boolean {
  const bucket = buckets.get(key) ?? { tokens: capacity, atMs: nowMs };
  bucket.tokens = Math.min(capacity, bucket.tokens + (nowMs - bucket.atMs) / refillMs);
  bucket.atMs = nowMs;
  buckets.set(key, bucket);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

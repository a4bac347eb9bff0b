import { BoundedMap } from '../core/bounded-map.ts';
import type { BusinessNumber } from '../options.ts';

/** A bucket that refills steadily: `capacity` at once, then one per `refillMs`. */
interface Bucket {
  tokens: number;
  atMs: number;
}

const MAX_BUCKETS = 100_000;
/** Meta: about the platform, pair rate limits: 45 messages in a burst, then one per 6 seconds to the same user. */
const PAIR_BURST = 45;
const PAIR_REFILL_MS = 6_000;

const DAY_MS = 24 * 3_600_000;
/** Messages a second by level (Meta: throughput); numbers that are on the phone app as well have less. */
const THROUGHPUT: Readonly<Record<string, number>> = { STANDARD: 80, HIGH: 1_000 };
const COEXISTENCE_PER_SECOND = 20;

/** Messages a second that the number may send. */
export const throughputOf = ({ isOnBusinessApp, throughput }: BusinessNumber): number =>
  isOnBusinessApp === true ? COEXISTENCE_PER_SECOND : (THROUGHPUT[throughput ?? 'STANDARD'] ?? 80);

/** Customers a day that may be written to first (Meta: messaging limits); 0 = without limit. */
export function openingsOf({ messagingLimit = 'TIER_2K' }: BusinessNumber): number {
  const [, count, thousands] = /^TIER_(\d+)(K)?$/.exec(messagingLimit) ?? [];
  return count === undefined ? 0 : Number(count) * (thousands ? 1_000 : 1);
}

/**
 * Meta's limits on sending: per pair of number and user (131056), per number (130429), and on the customers whom all
 * numbers of an account together write to first. For that one Meta's pages name no code; 131048 stands for it here.
 */
export class Limits {
  private readonly pairs = new BoundedMap<string, Bucket>(MAX_BUCKETS);
  private readonly numbers = new BoundedMap<string, Bucket>(MAX_BUCKETS);
  /** By account: whom it wrote to outside a window, and when last. */
  private readonly openings = new Map<string, Map<string, number>>();

  /** Takes one message from the pair's allowance; false when it is used up. */
  takePair(phoneNumberId: string, customerKey: string, nowMs: number): boolean {
    return take(this.pairs, `${phoneNumberId}:${customerKey}`, PAIR_BURST, PAIR_REFILL_MS, nowMs);
  }

  /** Takes one message from the number's throughput; false when this second's is used up. */
  takeThroughput(phoneNumberId: string, messagesPerSecond: number, nowMs: number): boolean {
    return take(this.numbers, phoneNumberId, messagesPerSecond, 1_000 / messagesPerSecond, nowMs);
  }

  /** Counts a customer who is written to first; false when as many others were within 24 hours. */
  takeOpening(account: string, customerKey: string, limit: number, nowMs: number): boolean {
    const opened = this.openings.get(account) ?? new Map<string, number>();
    this.openings.set(account, opened);
    for (const [key, atMs] of opened) if (nowMs - atMs >= DAY_MS) opened.delete(key);
    if (!opened.has(customerKey) && opened.size >= limit) return false;
    opened.set(customerKey, nowMs);
    return true;
  }

  clear(): void {
    this.openings.clear();
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

/** The pace of a number as its row holds it: a token bucket shared by all instances. */
export interface Pace {
  /** Messages a second that Meta allows. */
  rateLimit: number;
  /** Messages a second kept right now. */
  rate: number;
  tokens: number;
  at: Date;
  slowedAt: Date | null;
}

/** Of a number that is used on the WhatsApp Business app too; our word, Meta has none for this level. */
export const COEXISTENCE = 'COEXISTENCE';
/** Messages a second by the level of a number (Meta: throughput). */
export const THROUGHPUT: Readonly<Record<string, number>> = { STANDARD: 80, HIGH: 1_000, [COEXISTENCE]: 20 };

/** Inbound messages count as well, so a tenth of Meta's limit stays free. */
const SHARE_OF_LIMIT = 0.9;
const RECOVERY_STEP_MS = 10_000;
const RECOVERY_FACTOR = 1.05;
const SLOWEST_RATE = 1;
/** Calls in flight answer together: one slowing of the number is enough for all of them. */
const SLOWED_ENOUGH_MS = 2_000;
/** One second's worth may leave at once. */
const BURST_SECONDS = 1;

/** The bucket as it stands now: refilled, and its rate a step nearer to the limit for every ten quiet seconds. */
export function refill(pace: Pace, now: Date): Pace {
  const highest = pace.rateLimit * SHARE_OF_LIMIT;
  let { rate, slowedAt } = pace;
  if (slowedAt === null) {
    rate = highest;
  } else {
    const steps = Math.max(0, Math.floor((now.getTime() - slowedAt.getTime()) / RECOVERY_STEP_MS));
    rate = Math.min(highest, rate * RECOVERY_FACTOR ** steps);
    slowedAt = rate >= highest ? null : new Date(slowedAt.getTime() + steps * RECOVERY_STEP_MS);
  }
  const elapsedSeconds = Math.max(0, now.getTime() - pace.at.getTime()) / 1_000;
  const tokens = Math.min(Math.max(1, rate * BURST_SECONDS), pace.tokens + elapsedSeconds * rate);
  return { rateLimit: pace.rateLimit, rate, tokens, at: now, slowedAt };
}

/** Half the pace after Meta said "too fast", and the bucket empty. */
export function slowDown(pace: Pace, now: Date): Pace {
  const current = refill(pace, now);
  if (pace.slowedAt && now.getTime() - pace.slowedAt.getTime() < SLOWED_ENOUGH_MS) return { ...current, tokens: 0 };
  return { ...current, rate: Math.max(SLOWEST_RATE, current.rate / 2), tokens: 0, slowedAt: now };
}

/** Milliseconds until the bucket holds a whole token. */
export function nextTokenMs(pace: Pace): number {
  return pace.tokens >= 1 ? 0 : Math.ceil(((1 - pace.tokens) / pace.rate) * 1_000);
}

/** Meta's limit for one customer: a message in six seconds, of which 45 may be borrowed from the future. */
const PAIR_INTERVAL_MS = 6_000;
const PAIR_BURST = 45;
/** How far ahead the arrival time of a pair stands that has used all it may borrow: its next message waits an interval. */
export const PAIR_FULL_MS = PAIR_BURST * PAIR_INTERVAL_MS;

/** GCRA: either the pair's next theoretical arrival time, or how long it has to wait. */
export function paceOfPair(tat: Date | null, now: Date): { tat: Date } | { waitMs: number } {
  const earliest = Math.max(tat?.getTime() ?? 0, now.getTime());
  const waitMs = earliest - now.getTime() - (PAIR_BURST - 1) * PAIR_INTERVAL_MS;
  return waitMs > 0 ? { waitMs } : { tat: new Date(earliest + PAIR_INTERVAL_MS) };
}

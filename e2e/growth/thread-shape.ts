import type { Random } from '../proof/random.ts';
import { pickSkewed, type GrowthPlan, type Population } from './plan.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TWO_YEARS_DAYS = 730;
export const MESSAGES_PER_CASE = 12;
/** One thread in a thousand is of somebody who writes every day. */
const CHATTY_SHARE = 0.001;
const CHATTY_FACTOR = 20;

export type Status = 'open' | 'pending' | 'snoozed' | 'resolved';

/** A busy inbox that is never quite done: of a hundred threads 12 are open, 2 the bot's, 1 snoozed, 85 resolved. */
function statusOf(random: Random): Status {
  const draw = random.next();
  if (draw < 0.12) return 'open';
  if (draw < 0.14) return 'pending';
  return draw < 0.15 ? 'snoozed' : 'resolved';
}

/** Days since the last message: what is open is recent, what is resolved is of any day of two years. */
const daysAgo = (random: Random, status: Status): number => {
  const long = -Math.log(1 - random.next());
  if (status === 'pending') return Math.min(long * 0.1, 1);
  if (status === 'resolved') return random.next() * TWO_YEARS_DAYS;
  return Math.min(long * 6, TWO_YEARS_DAYS);
};

function lengthOf(plan: GrowthPlan, random: Random): number {
  const mean = (plan.messagesEach - 1) / (1 + CHATTY_SHARE * (CHATTY_FACTOR - 1));
  const factor = random.chance(CHATTY_SHARE) ? CHATTY_FACTOR : 1;
  return 1 + Math.round(-Math.log(1 - random.next()) * mean * factor);
}

/** Times backwards from the last message: minutes inside a case, weeks between cases. */
function timesOf(random: Random, count: number, lastAtMs: number): Float64Array {
  const times = new Float64Array(count);
  for (let at = lastAtMs, n = count - 1; n >= 0; n -= 1) {
    times[n] = Math.floor(at);
    const isBreak = n % MESSAGES_PER_CASE === 0;
    at -= -Math.log(1 - random.next()) * (isBreak ? 15 * DAY_MS : 20 * MINUTE_MS) + 1_000;
  }
  return times;
}

/** How a thread stands and when something was said in it. */
export interface ThreadShape {
  status: Status;
  ownerId: string;
  isOwned: boolean;
  teamId: string | null;
  channelId: string;
  hasBot: boolean;
  /** When each message was stored, oldest first. */
  times: Float64Array;
}

/** Draws one thread's shape. */
export function shapeOf(plan: GrowthPlan, people: Population, random: Random): ThreadShape {
  const status = statusOf(random);
  const count = lengthOf(plan, random);
  const lastAtMs = plan.until.getTime() - daysAgo(random, status) * DAY_MS;
  const { id: ownerId } = pickSkewed(random, people.agents);
  const isOwned = status === 'snoozed' || (status === 'open' && random.chance(0.6));
  const teamId = random.chance(0.6) ? null : pickSkewed(random, people.teamIds);
  const channelId = pickSkewed(random, people.channelIds);
  const hasBot = random.chance(0.3);
  return { status, ownerId, isOwned, teamId, channelId, hasBot, times: timesOf(random, count, lastAtMs) };
}

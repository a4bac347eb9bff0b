import type { Call, CallOutcome } from '@parley/contract';

/** What one webhook says of a call; what it does not say is left out. Times are ISO, so that the earlier sorts first. */
export interface CallFacts {
  direction: Call['direction'];
  /** When it began to ring, or the nearest to it that was said. */
  at: string;
  acceptedAt?: string;
  declinedAt?: string;
  /** When they began to talk: Meta gives it only where somebody picked up. */
  talkedAt?: string;
  endedAt?: string;
  failed?: boolean;
  seconds?: number;
}

/** A call as it is stored: all that was said of it, under Meta's id. */
export interface StoredCall extends CallFacts {
  wacid: string;
}

/**
 * What is known once another webhook is added. The same for every order and repetition: of two times the earlier holds,
 * of two lengths the greater, and a call that went well once did not fail.
 */
export function foldCall(known: StoredCall | null, wacid: string, facts: CallFacts): StoredCall {
  if (!known) return { wacid, ...facts };
  const seconds = greater(known.seconds, facts.seconds);
  const failed = bothOrEither(known.failed, facts.failed);
  return {
    wacid,
    direction: known.direction === 'inbound' ? 'inbound' : facts.direction,
    at: earlier(known.at, facts.at) ?? facts.at,
    ...optional('acceptedAt', earlier(known.acceptedAt, facts.acceptedAt)),
    ...optional('declinedAt', earlier(known.declinedAt, facts.declinedAt)),
    ...optional('talkedAt', earlier(known.talkedAt, facts.talkedAt)),
    ...optional('endedAt', earlier(known.endedAt, facts.endedAt)),
    ...(failed !== undefined && { failed }),
    ...(seconds !== undefined && { seconds }),
  };
}

export const isSameCall = (a: StoredCall, b: StoredCall): boolean =>
  a.direction === b.direction &&
  a.at === b.at &&
  a.acceptedAt === b.acceptedAt &&
  a.declinedAt === b.declinedAt &&
  a.talkedAt === b.talkedAt &&
  a.endedAt === b.endedAt &&
  a.failed === b.failed &&
  a.seconds === b.seconds;

/** What a screen says of it. (Meta: `start_time` and `duration` come only with a call that was picked up.) */
export function outcomeOf(call: CallFacts): CallOutcome {
  const wasPickedUp = call.talkedAt !== undefined || (call.seconds ?? 0) > 0 || call.acceptedAt !== undefined;
  if (call.endedAt !== undefined && wasPickedUp) return 'answered';
  if (call.declinedAt !== undefined && call.direction === 'outbound') return 'declined';
  if (call.endedAt !== undefined || call.declinedAt !== undefined) {
    return call.direction === 'outbound' && call.failed === true ? 'failed' : 'missed';
  }
  return wasPickedUp ? 'ongoing' : 'ringing';
}

/** The contract's view of it. */
export function toCall(call: CallFacts): Call {
  const outcome = outcomeOf(call);
  return {
    direction: call.direction,
    outcome,
    seconds: outcome === 'answered' ? (call.seconds ?? null) : null,
    startedAt: call.at,
  };
}

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function greater(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

const bothOrEither = (a: boolean | undefined, b: boolean | undefined): boolean | undefined =>
  a === undefined || b === undefined ? (a ?? b) : a && b;

const optional = <Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<Key, string>);

import {
  statusSteps,
  type CallbackTarget,
  type StatusError,
  type StatusPricing,
  type StatusReport,
  type StatusStep,
} from './status-report.js';

/** All that is known of one (wamid, participant): the earliest time of each step, in whatever order they came. */
export interface StatusFacts {
  times: Partial<Record<StatusStep, Date>>;
  /** Those of the earliest `failed`. */
  errors: StatusError[] | null;
  pricing: StatusPricing | null;
  /** Unknown values with their earliest time (ISO). */
  others: Record<string, string> | null;
  callback: CallbackTarget | null;
}

/** The state that the times amount to: the same for every order and repetition. Null = nothing that moves a message. */
export function stateOf(times: Partial<Record<StatusStep, unknown>>): StatusStep | null {
  for (const step of ['played', 'read', 'delivered', 'failed', 'sent', 'accepted'] as const) {
    if (times[step] !== undefined && times[step] !== null) return step;
  }
  return null;
}

/** The facts of a single report. */
export function factsOf(report: StatusReport): StatusFacts {
  const { step, at } = report;
  return {
    times: step ? { [step]: at } : {},
    errors: step === 'failed' && report.errors.length > 0 ? report.errors : null,
    pricing: report.pricing,
    others: step ? null : { [report.value]: at.toISOString() },
    callback: report.callback,
  };
}

/**
 * What of `pricing` decides between two that differ: the one that sorts higher stands, so the result does not hang on who
 * came first, and `regular` wins over `free_…`: a bill must not surprise.
 */
export const PRICING_RANK = ['type', 'category', 'billable', 'pricing_model'] as const;

const rankOfPricing = (pricing: StatusPricing): string =>
  PRICING_RANK.flatMap((key) => (pricing[key] === undefined ? [] : [String(pricing[key])])).join('|');

/** Joins what two sources know. Commutative, associative and idempotent. */
export function join(left: StatusFacts, right: StatusFacts): StatusFacts {
  const times: StatusFacts['times'] = {};
  for (const step of statusSteps) {
    const earliest = earlier(left.times[step], right.times[step]);
    if (earliest) times[step] = earliest;
  }
  return {
    times,
    errors: joinErrors(left, right),
    pricing: joinPricing(left.pricing, right.pricing),
    others: joinOthers(left.others, right.others),
    callback: left.callback ?? right.callback,
  };
}

function earlier(left: Date | undefined, right: Date | undefined): Date | undefined {
  if (!left || !right) return left ?? right;
  return left.getTime() <= right.getTime() ? left : right;
}

function joinErrors(left: StatusFacts, right: StatusFacts): StatusError[] | null {
  const leftMs = left.times.failed?.getTime() ?? Infinity;
  const rightMs = right.times.failed?.getTime() ?? Infinity;
  if (leftMs !== rightMs) return leftMs < rightMs ? left.errors : right.errors;
  if (!left.errors || !right.errors) return left.errors ?? right.errors;
  // Two failures in the same second: any rule will do that does not depend on who came first.
  return JSON.stringify(left.errors) <= JSON.stringify(right.errors) ? left.errors : right.errors;
}

function joinPricing(left: StatusPricing | null, right: StatusPricing | null): StatusPricing | null {
  if (!left || !right) return left ?? right;
  return rankOfPricing(right) > rankOfPricing(left) ? right : left;
}

function joinOthers(left: StatusFacts['others'], right: StatusFacts['others']): StatusFacts['others'] {
  if (!left || !right) return left ?? right;
  const joined = { ...left };
  for (const [value, at] of Object.entries(right)) {
    const known = Object.hasOwn(joined, value) ? joined[value] : undefined;
    joined[value] = known !== undefined && known <= at ? known : at;
  }
  return joined;
}

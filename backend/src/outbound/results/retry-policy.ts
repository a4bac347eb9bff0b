import type { MessageError, SenderType } from '@parley/contract';
import { metaError, metaMessageError } from '../../channels/meta-errors.js';
import type { SendOutcome } from '../graph/send-outcome.js';

const SECOND_MS = 1_000;
const MAX_REFUSED_TRIES = 8;
/** About an hour and a half at the longest pause: our own network was away, the customer should still get it. */
const MAX_UNCONNECTED_TRIES = 100;
const MAX_SLOWED_TRIES = 60;
/** 4^6 s is over an hour. */
const MAX_PAIR_TRIES = 7;
const LONGEST_BACK_OFF_MS = 60 * SECOND_MS;
/** Meta may have taken a message that it answered with these codes: a status would tell by then. */
export const AWAIT_STATUS_MS = 120 * SECOND_MS;

/** How often the tries of a message before this one ended without Meta having taken it, by cause. */
export interface PastTries {
  refused: number;
  notConnected: number;
  slowedDown: number;
  pairLimited: number;
}

export const NO_PAST_TRIES: PastTries = { refused: 0, notConnected: 0, slowedDown: 0, pairLimited: 0 };

/** What happens to the message next; what a refusal says of its number is drawn from it in `channels`. */
export type Verdict =
  | { state: 'queued'; delayMs: number }
  | { state: 'failed'; error: MessageError; closesWindow: boolean }
  | { state: 'unknown' };

/**
 * Repeats by cause: only what Meta refused as transient, or what never left. Whatever may have been taken is
 * `unknown`, and a bot's message is never repeated where it might have been.
 */
export function judge(
  outcome: Exclude<SendOutcome, { kind: 'accepted' }>,
  past: PastTries,
  sender: SenderType,
  random = Math.random,
): Verdict {
  switch (outcome.kind) {
    case 'ambiguous':
      return { state: 'unknown' };
    case 'not_started':
      return { state: 'queued', delayMs: 0 };
    case 'withdrawn':
      return { state: 'failed', error: outcome.error, closesWindow: false };
    case 'not_connected':
      return past.notConnected + 1 >= MAX_UNCONNECTED_TRIES
        ? failed({ code: 'not_connected', title: 'WhatsApp could not be reached', detail: outcome.detail })
        : { state: 'queued', delayMs: backOffMs(past.notConnected, random) };
    case 'refused':
      return judgeRefusal(outcome, past, sender, random);
  }
}

function judgeRefusal(
  outcome: Extract<SendOutcome, { kind: 'refused' }>,
  past: PastTries,
  sender: SenderType,
  random: () => number,
): Verdict {
  const { code, isTransient } = outcome;
  const error = metaMessageError(code, outcome.detail ?? outcome.title, isTransient);
  switch (metaError(code, isTransient).class) {
    case 'permanent':
      return { state: 'failed', error, closesWindow: false };
    case 'window':
      return { state: 'failed', error, closesWindow: true };
    case 'stop_number':
      return { state: 'queued', delayMs: 0 };
    case 'slow_down':
      return past.slowedDown + 1 >= MAX_SLOWED_TRIES
        ? { state: 'failed', error, closesWindow: false }
        : { state: 'queued', delayMs: backOffMs(past.slowedDown, random) };
    case 'pair_limit':
      return past.pairLimited + 1 >= MAX_PAIR_TRIES
        ? { state: 'failed', error, closesWindow: false }
        : { state: 'queued', delayMs: 4 ** past.pairLimited * SECOND_MS };
    case 'retry':
      return past.refused + 1 >= MAX_REFUSED_TRIES
        ? { state: 'failed', error, closesWindow: false }
        : { state: 'queued', delayMs: backOffMs(past.refused, random) };
    case 'retry_after_status':
      if (sender === 'bot') return { state: 'unknown' };
      return past.refused + 1 >= MAX_REFUSED_TRIES
        ? { state: 'failed', error, closesWindow: false }
        : { state: 'queued', delayMs: AWAIT_STATUS_MS };
  }
}

/** 1, 2, 4 … 60 s, each somewhere between half and the whole of it, so that many do not come back at once. */
function backOffMs(tries: number, random: () => number): number {
  const fullMs = Math.min(SECOND_MS * 2 ** Math.min(tries, 10), LONGEST_BACK_OFF_MS);
  return Math.round(fullMs * (0.5 + random() / 2));
}

const failed = (error: Omit<MessageError, 'retryable'>): Verdict => ({
  state: 'failed',
  error: { ...error, retryable: true },
  closesWindow: false,
});

import type { FailureReason, FailureScope, MessageError } from '@parley/contract';
import { META_ERROR_RANGES, META_ERRORS, RETRY_AFTER_SECONDS, type MetaError } from './meta-error-table.js';

/** Whether the table names this code: what may be a label of a metric. */
export const isKnownCode = (code: number): boolean => META_ERRORS.has(code);

const UNKNOWN: MetaError = {
  class: 'permanent',
  title: 'WhatsApp refused the message',
  retryable: true,
  scope: 'message',
  reason: 'other',
};
const UNKNOWN_TRANSIENT: MetaError = {
  class: 'retry_after_status',
  title: 'WhatsApp had a problem of its own',
  retryable: true,
  scope: 'account',
  reason: 'metaTrouble',
};

/** Why a message did not leave where Meta was not asked, or gave no code. */
const OWN_CODES: ReadonlyMap<string, Omit<MetaError, 'class' | 'retryable'>> = new Map(
  (
    [
      ['superseded', 'message', 'superseded', 'A person took over before the bot’s answer went out'],
      ['undone', 'message', 'undone', 'Taken back by its sender'],
      ['marketing_stopped', 'customer', 'optedOut', 'The customer does not want marketing messages'],
      ['no_address', 'customer', 'noAddress', 'Neither a phone number nor a user id of this customer is known'],
      ['not_connected', 'account', 'notConnected', 'WhatsApp could not be reached'],
      ['window_closed', 'customer', 'windowClosed', 'More than 24 hours have passed since the customer wrote'],
      ['unconfirmed', 'message', 'unconfirmed', 'Nobody can say whether WhatsApp took it'],
      ['disconnected', 'number', 'disconnected', 'This number is not connected'],
      ['ambiguous', 'message', 'unconfirmed', 'Nobody can say whether WhatsApp took it'],
      ['expired', 'message', 'unconfirmed', 'Nobody can say whether WhatsApp took it'],
      ['pair_pace', 'customer', 'pairTooFast', 'It waits because of many messages to this customer in a short time'],
      ['number_pace', 'number', 'tooFast', 'This number has slowed down'],
    ] as const
  ).map(([code, scope, reason, title]) => [code, { scope, reason, title }]),
);

/**
 * The rule for a code. Decide by the code alone, never by title or HTTP status; a code nobody knows is final unless
 * Meta itself calls it transient.
 */
export function metaError(code: number, isTransient = false): MetaError {
  const known = META_ERRORS.get(code);
  if (known) return known;
  const range = META_ERROR_RANGES.find(([from, to]) => code >= from && code <= to);
  if (range) return range[2];
  return isTransient ? UNKNOWN_TRANSIENT : UNKNOWN;
}

/** Codes that say that the customer wants no marketing messages, as they are stored: Meta's digits and a word of ours. */
export const MARKETING_STOP_CODES: readonly string[] = [...META_ERRORS, ...OWN_CODES]
  .filter(([, { reason }]) => reason === 'optedOut')
  .map(([code]) => String(code));

/** @param code as it is stored, or as Meta gives it */
export const isMarketingStop = (code: number | string | null): boolean => MARKETING_STOP_CODES.includes(String(code));

/** The reason that agents see under a failed message. */
export function metaMessageError(code: number, detail: string | null, isTransient = false): MessageError {
  const { title, retryable } = metaError(code, isTransient);
  return { code, title, detail, retryable };
}

/** What a failure with this code, Meta's or ours, is about. */
export interface FailureMeaning {
  title: string;
  scope: FailureScope;
  reason: FailureReason;
}

/** @param code as it is stored: a number, its digits, or a word of ours */
export function meaningOf(code: number | string): FailureMeaning {
  const own = typeof code === 'string' ? OWN_CODES.get(code) : undefined;
  if (own) return own;
  const { title, scope, reason } = isMetas(code) ? metaError(Number(code)) : UNKNOWN;
  return { title, scope, reason };
}

/** How long to wait before what failed so is sent again; 0 where nothing is gained by it. */
export const retryAfterSeconds = (code: number | string): number =>
  isMetas(code) ? (RETRY_AFTER_SECONDS.get(Number(code)) ?? 0) : 0;

const isMetas = (code: number | string): boolean => /^\d{1,9}$/.test(String(code));

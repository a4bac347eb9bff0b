import type { MessageError, MessageStatus, MessageType, ResendObstacle, SenderType } from '@parley/contract';
import { isMarketingStop, retryAfterSeconds } from '../channels/meta-errors.js';

/** Seconds after which a person may send an `unknown` message again: by then Meta's statuses would have told. */
export const UNKNOWN_RESENDABLE_AFTER_SECONDS = 120;

/** What decides whether a message of ours may go out once more. */
export interface SentMessage {
  senderType: SenderType;
  type: MessageType;
  status: MessageStatus;
  error: Pick<MessageError, 'code' | 'retryable'> | null;
  failedAt: Date | null;
  unknownAt: Date | null;
  /** It was sent again as another message. */
  isResent: boolean;
}

/**
 * Whether sending the same again can help: what the customer's stop kept back may go as soon as they want marketing again,
 * whatever was stored when it failed.
 */
export const canGetThrough = (
  { code, retryable }: Pick<MessageError, 'code' | 'retryable'>,
  isMarketingStopped: boolean,
): boolean => (isMarketingStop(code) ? !isMarketingStopped : retryable);

/** From when on a message that failed or is unknown may be sent again; null where it may at once, or never. */
export function resendableAt(message: Omit<SentMessage, 'senderType' | 'type'>): Date | null {
  const { status, error, failedAt, unknownAt, isResent } = message;
  if (isResent) return null;
  if (status === 'unknown' && unknownAt) return later(unknownAt, UNKNOWN_RESENDABLE_AFTER_SECONDS);
  if (status !== 'failed' || !failedAt || !error?.retryable) return null;
  const seconds = retryAfterSeconds(error.code);
  return seconds > 0 ? later(failedAt, seconds) : null;
}

/** Why it may not be sent again at `now`, as far as the message itself says: customer, window and number are asked elsewhere. */
export function resendObstacle(
  message: SentMessage,
  now: Date,
): Exclude<ResendObstacle, 'window' | 'blocked' | 'marketing' | 'number'> | null {
  const { status, error, senderType, type, isResent } = message;
  if (senderType !== 'agent' || type === 'reaction') return 'sender';
  if (isResent) return 'resent';
  if (status !== 'failed' && status !== 'unknown') return 'waiting';
  // Whether the customer wants marketing by now is asked elsewhere.
  if (status === 'failed' && error?.retryable === false && !isMarketingStop(error.code)) return 'permanent';
  const from = resendableAt(message);
  return from !== null && now < from ? 'later' : null;
}

const later = (at: Date, seconds: number): Date => new Date(at.getTime() + seconds * 1_000);

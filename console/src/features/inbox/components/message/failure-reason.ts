import type { MessageError } from '@parley/contract';

/**
 * Meta's codes that say the same thing to the person who wrote the message. The names are keys below
 * `desk.failure`: what happened in plain words, and what to do.
 */
const reasonByCode = new Map<number | string, string>([
  [131047, 'windowClosed'],
  ['window_closed', 'windowClosed'],
  [131026, 'undeliverable'],
  [131030, 'notAllowed'],
  [131021, 'ownNumber'],
  [130403, 'blocked'],
  [131049, 'heldBack'],
  [130472, 'heldBack'],
  [131050, 'optedOut'],
  ['marketing_stopped', 'optedOut'],
  [131048, 'spamLimit'],
  [131056, 'tooFast'],
  [130429, 'tooFast'],
  [80007, 'tooFast'],
  [4, 'tooFast'],
  [0, 'numberStopped'],
  [10, 'numberStopped'],
  [190, 'numberStopped'],
  [368, 'numberStopped'],
  [131005, 'numberStopped'],
  [131031, 'numberStopped'],
  [131042, 'payment'],
  [130497, 'country'],
  [131051, 'unsupported'],
  [131053, 'media'],
  [1, 'metaTrouble'],
  [2, 'metaTrouble'],
  [131000, 'metaTrouble'],
  [131016, 'metaTrouble'],
  [131057, 'metaTrouble'],
  ['superseded', 'superseded'],
  ['no_address', 'noAddress'],
  ['not_connected', 'notConnected'],
]);

/** The name of a failure's explanation, `other` where only Meta's own words can tell. */
export function failureReason(error: Pick<MessageError, 'code'> | null): string {
  if (!error) return 'other';
  const code = typeof error.code === 'string' && /^\d+$/u.test(error.code) ? Number(error.code) : error.code;
  if (typeof code === 'number' && code >= 200 && code < 300) return 'numberStopped';
  return reasonByCode.get(code) ?? 'other';
}

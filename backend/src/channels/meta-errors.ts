import type { MessageError } from '@parley/contract';

/**
 * What a refusal by Meta asks of us:
 * `retry` back off and try again · `retry_after_status` the same, but the message may have been taken all the same, so
 * a status is awaited first · `slow_down` the number (or app) sends too fast · `pair_limit` too fast to one customer ·
 * `stop_number` nothing can leave this number until a person acts · `window` the customer service window is closed ·
 * `permanent` this message will never go out as it is.
 */
export type MetaErrorClass =
  'retry' | 'retry_after_status' | 'slow_down' | 'pair_limit' | 'stop_number' | 'window' | 'permanent';

export interface MetaError {
  class: MetaErrorClass;
  /** Plain words for agents. */
  title: string;
  /** Whether a person may usefully send the same thing again later. */
  retryable: boolean;
}

const rule = (errorClass: MetaErrorClass, title: string, retryable: boolean): MetaError => ({
  class: errorClass,
  title,
  retryable,
});

/** Meta's codes (WhatsApp Business Platform, error codes; Graph API, handling errors). One table for all of Parley. */
const META_ERRORS: ReadonlyMap<number, MetaError> = new Map([
  [0, rule('stop_number', 'WhatsApp no longer accepts the access token of this number', true)],
  [1, rule('retry_after_status', 'WhatsApp had a problem of its own', true)],
  [2, rule('retry_after_status', 'WhatsApp is overloaded or down', true)],
  [3, rule('permanent', 'This number may not do that', false)],
  [4, rule('slow_down', 'Too many calls to WhatsApp', true)],
  [10, rule('stop_number', 'WhatsApp denies this number the permission to send', true)],
  [17, rule('slow_down', 'Too many calls to WhatsApp', true)],
  [33, rule('stop_number', 'This business number was deleted at WhatsApp', true)],
  [100, rule('permanent', 'WhatsApp did not accept the message as it is', false)],
  [104, rule('stop_number', 'The access token of this number is missing', true)],
  [190, rule('stop_number', 'The access token of this number has expired', true)],
  [368, rule('stop_number', 'WhatsApp has blocked this business account for a time', true)],
  [613, rule('slow_down', 'Too many calls to WhatsApp', true)],
  [803, rule('permanent', 'WhatsApp does not know this number', false)],
  [80007, rule('slow_down', 'Too many calls to WhatsApp', true)],
  [130403, rule('permanent', 'You have blocked this customer', false)],
  [130429, rule('slow_down', 'This number sends too fast', true)],
  [130472, rule('permanent', 'WhatsApp keeps this customer out of the message for an experiment', false)],
  [130497, rule('permanent', 'This business may not message customers in this country', false)],
  [131000, rule('retry_after_status', 'Something went wrong at WhatsApp', true)],
  [131005, rule('permanent', 'Access to this number was denied', false)],
  [131008, rule('permanent', 'A required part of the message is missing', false)],
  [131009, rule('permanent', 'A part of the message is not valid', false)],
  [131016, rule('retry', 'WhatsApp is not available right now', true)],
  [131021, rule('permanent', 'A number cannot write to itself', false)],
  [131026, rule('permanent', 'The customer cannot be reached on WhatsApp', false)],
  [131030, rule('permanent', 'A test number only reaches the recipients on its list', false)],
  [131031, rule('stop_number', 'WhatsApp has locked this business account', true)],
  [131037, rule('permanent', 'The display name of this number is not approved yet', true)],
  [131042, rule('permanent', 'WhatsApp has no valid payment method for this business', true)],
  [131044, rule('permanent', 'WhatsApp has no valid payment method for this business', true)],
  [131045, rule('permanent', 'This number is not registered correctly', true)],
  [131047, rule('window', 'More than 24 hours have passed since the customer wrote', false)],
  [131048, rule('permanent', 'WhatsApp limits this number because customers blocked or reported it', true)],
  [131049, rule('permanent', 'WhatsApp holds back marketing messages to this customer for now', true)],
  [131050, rule('permanent', 'The customer does not want marketing messages', false)],
  [131051, rule('permanent', 'WhatsApp does not support this type of message', false)],
  [131052, rule('permanent', "The customer's file could not be fetched", false)],
  [131053, rule('permanent', 'WhatsApp could not take the file', false)],
  [131055, rule('permanent', 'WhatsApp does not allow this call', false)],
  [131056, rule('pair_limit', 'Too many messages to this customer in a short time', true)],
  [131057, rule('retry', 'This business account is in maintenance at WhatsApp', true)],
  [131062, rule('permanent', 'This message needs the phone number of the customer', false)],
  [131063, rule('permanent', 'Marketing messages are turned off for this number', false)],
  [131064, rule('permanent', 'WhatsApp limits the templates of this business for now', true)],
  [132000, rule('permanent', 'The template has another number of parameters', false)],
  [132001, rule('permanent', 'The template does not exist in this language or is not approved', false)],
  [132005, rule('permanent', 'The template becomes too long with these values', false)],
  [132007, rule('permanent', 'The template breaks a rule of WhatsApp about characters', false)],
  [132008, rule('permanent', 'A value does not fit the template', false)],
  [132012, rule('permanent', 'A value does not fit the template', false)],
  [132015, rule('permanent', 'WhatsApp has paused the template', true)],
  [132016, rule('permanent', 'WhatsApp has disabled the template', false)],
  [132018, rule('permanent', 'WhatsApp did not accept the template as it is', false)],
  [132068, rule('permanent', 'The form in this message is blocked', false)],
  [132069, rule('permanent', 'The form in this message was sent too often', true)],
  [133004, rule('retry', 'WhatsApp is not available right now', true)],
  [133010, rule('permanent', 'This number is not registered with WhatsApp', true)],
  [134011, rule('permanent', 'The terms of WhatsApp payments are not accepted yet', true)],
  [134100, rule('permanent', 'Only marketing messages can go this way', false)],
  [134101, rule('permanent', 'The template is still being prepared at WhatsApp', true)],
  [134102, rule('permanent', 'The template cannot be used this way', false)],
  [135000, rule('permanent', 'WhatsApp did not accept the message as it is', false)],
  [137000, rule('permanent', "The customer's identity has changed and must be confirmed", false)],
  [2494100, rule('retry', 'This number is in maintenance at WhatsApp', true)],
]);

const PERMISSION_MISSING = rule('permanent', 'The access token lacks a permission for this number', true);
const UNKNOWN = rule('permanent', 'WhatsApp refused the message', true);
const UNKNOWN_TRANSIENT = rule('retry_after_status', 'WhatsApp had a problem of its own', true);

/**
 * The rule for a code. Decide by the code alone, never by title or HTTP status; a code nobody knows is final unless
 * Meta itself calls it transient.
 */
export function metaError(code: number, isTransient = false): MetaError {
  const known = META_ERRORS.get(code);
  if (known) return known;
  if (code >= 200 && code <= 299) return PERMISSION_MISSING;
  return isTransient ? UNKNOWN_TRANSIENT : UNKNOWN;
}

/** The reason that agents see under a failed message. */
export function metaMessageError(code: number, detail: string | null, isTransient = false): MessageError {
  const { title, retryable } = metaError(code, isTransient);
  return { code, title, detail, retryable };
}

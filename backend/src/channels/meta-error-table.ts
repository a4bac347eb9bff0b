import type { FailureReason, FailureScope } from '@parley/contract';

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
  scope: FailureScope;
  /** What to do about it is said per reason (`FAILURE_ADVICE`). */
  reason: FailureReason;
}

type Row = [
  code: number,
  errorClass: MetaErrorClass,
  scope: FailureScope,
  reason: FailureReason,
  retryable: boolean,
  title: string,
];

const rule = ([, errorClass, scope, reason, retryable, title]: Row): MetaError => ({
  class: errorClass,
  title,
  retryable,
  scope,
  reason,
});

const ROWS: readonly Row[] = [
  [0, 'stop_number', 'number', 'token', true, 'WhatsApp no longer accepts the access token of this number'],
  [1, 'retry_after_status', 'account', 'metaTrouble', true, 'WhatsApp had a problem of its own'],
  [2, 'retry_after_status', 'account', 'metaTrouble', true, 'WhatsApp is overloaded or down'],
  [3, 'permanent', 'number', 'permission', false, 'This number may not do that'],
  [4, 'slow_down', 'account', 'tooFast', true, 'Too many calls to WhatsApp'],
  [10, 'stop_number', 'number', 'permission', true, 'WhatsApp denies this number the permission to send'],
  [17, 'slow_down', 'account', 'tooFast', true, 'Too many calls to WhatsApp'],
  [33, 'stop_number', 'number', 'numberGone', true, 'This business number was deleted at WhatsApp'],
  [100, 'permanent', 'message', 'invalid', false, 'WhatsApp did not accept the message as it is'],
  [104, 'stop_number', 'number', 'token', true, 'The access token of this number is missing'],
  [190, 'stop_number', 'number', 'token', true, 'The access token of this number has expired'],
  [368, 'stop_number', 'account', 'accountBlocked', true, 'WhatsApp has blocked this business account for a time'],
  [613, 'slow_down', 'account', 'tooFast', true, 'Too many calls to WhatsApp'],
  [803, 'permanent', 'number', 'numberGone', false, 'WhatsApp does not know this number'],
  [80007, 'slow_down', 'account', 'tooFast', true, 'Too many calls to WhatsApp'],
  [130403, 'permanent', 'customer', 'blocked', false, 'You have blocked this customer'],
  [130429, 'slow_down', 'number', 'tooFast', true, 'This number sends too fast'],
  [
    130472,
    'permanent',
    'customer',
    'heldBack',
    false,
    'WhatsApp keeps this customer out of the message for an experiment',
  ],
  [130497, 'permanent', 'account', 'country', false, 'This business may not message customers in this country'],
  [131000, 'retry_after_status', 'account', 'metaTrouble', true, 'Something went wrong at WhatsApp'],
  [131005, 'permanent', 'number', 'permission', false, 'Access to this number was denied'],
  [131008, 'permanent', 'message', 'invalid', false, 'A required part of the message is missing'],
  [131009, 'permanent', 'message', 'invalid', false, 'A part of the message is not valid'],
  [131016, 'retry', 'account', 'metaTrouble', true, 'WhatsApp is not available right now'],
  [131020, 'permanent', 'customer', 'group', false, 'WhatsApp refused something about the group'],
  [131021, 'permanent', 'customer', 'ownNumber', false, 'A number cannot write to itself'],
  [131026, 'permanent', 'customer', 'undeliverable', false, 'The customer cannot be reached on WhatsApp'],
  [131030, 'permanent', 'customer', 'notAllowed', false, 'A test number only reaches the recipients on its list'],
  [131031, 'stop_number', 'account', 'accountBlocked', true, 'WhatsApp has locked this business account'],
  [131037, 'permanent', 'number', 'displayName', true, 'The display name of this number is not approved yet'],
  [131041, 'permanent', 'customer', 'group', false, 'WhatsApp refused something about the group'],
  [131042, 'permanent', 'account', 'payment', true, 'WhatsApp has no valid payment method for this business'],
  [131044, 'permanent', 'account', 'payment', true, 'WhatsApp has no valid payment method for this business'],
  [131045, 'permanent', 'number', 'notRegistered', true, 'This number is not registered correctly'],
  [131047, 'window', 'customer', 'windowClosed', false, 'More than 24 hours have passed since the customer wrote'],
  [
    131048,
    'permanent',
    'number',
    'spamLimit',
    true,
    'WhatsApp limits this number because customers blocked or reported it',
  ],
  [
    131049,
    'permanent',
    'customer',
    'heldBack',
    true,
    'WhatsApp holds back marketing messages to this customer for now',
  ],
  [131050, 'permanent', 'customer', 'optedOut', false, 'The customer does not want marketing messages'],
  [131051, 'permanent', 'message', 'unsupported', false, 'WhatsApp does not support this type of message'],
  [131052, 'permanent', 'message', 'customerMedia', false, "The customer's file could not be fetched"],
  [131053, 'permanent', 'message', 'media', false, 'WhatsApp could not take the file'],
  [131055, 'permanent', 'number', 'permission', false, 'WhatsApp does not allow this call'],
  [131056, 'pair_limit', 'customer', 'pairTooFast', true, 'Too many messages to this customer in a short time'],
  [131057, 'retry', 'account', 'maintenance', true, 'This business account is in maintenance at WhatsApp'],
  [131059, 'retry', 'account', 'metaTrouble', true, 'WhatsApp lost its place in a list'],
  [131060, 'permanent', 'message', 'unsupported', false, 'WhatsApp cannot show this message'],
  [131062, 'permanent', 'customer', 'needsPhone', false, 'This message needs the phone number of the customer'],
  [131063, 'permanent', 'number', 'marketingOff', false, 'Marketing messages are turned off for this number'],
  [131064, 'permanent', 'account', 'templateLimited', true, 'WhatsApp limits the templates of this business for now'],
  [132000, 'permanent', 'template', 'templateValues', false, 'The template has another number of parameters'],
  [
    132001,
    'permanent',
    'template',
    'templateMissing',
    false,
    'The template does not exist in this language or is not approved',
  ],
  [132005, 'permanent', 'template', 'templateValues', false, 'The template becomes too long with these values'],
  [132007, 'permanent', 'template', 'templateValues', false, 'The template breaks a rule of WhatsApp about characters'],
  [132008, 'permanent', 'template', 'templateValues', false, 'A value does not fit the template'],
  [132012, 'permanent', 'template', 'templateValues', false, 'A value does not fit the template'],
  [132015, 'permanent', 'template', 'templatePaused', true, 'WhatsApp has paused the template'],
  [132016, 'permanent', 'template', 'templateDisabled', false, 'WhatsApp has disabled the template'],
  [132018, 'permanent', 'template', 'templateValues', false, 'WhatsApp did not accept the template as it is'],
  [132068, 'permanent', 'template', 'flowBlocked', false, 'The form in this message is blocked'],
  [132069, 'permanent', 'template', 'flowThrottled', true, 'The form in this message was sent too often'],
  [133000, 'permanent', 'number', 'notRegistered', true, 'This number was not signed off WhatsApp completely'],
  [133004, 'retry', 'account', 'metaTrouble', true, 'WhatsApp is not available right now'],
  [133005, 'permanent', 'number', 'pin', false, 'The PIN of this number is wrong'],
  [133006, 'permanent', 'number', 'notRegistered', false, 'This number must be verified again'],
  [133008, 'permanent', 'number', 'pin', false, 'A wrong PIN was tried too often'],
  [133009, 'permanent', 'number', 'pin', false, 'PINs were tried too fast'],
  [133010, 'permanent', 'number', 'notRegistered', true, 'This number is not registered with WhatsApp'],
  [133015, 'permanent', 'number', 'notRegistered', true, 'This number was deleted a moment ago'],
  [133016, 'permanent', 'number', 'notRegistered', false, 'This number was registered too often in three days'],
  [134011, 'permanent', 'account', 'terms', true, 'The terms of WhatsApp payments are not accepted yet'],
  [134100, 'permanent', 'template', 'marketingOff', false, 'Only marketing messages can go this way'],
  [134101, 'permanent', 'template', 'templateMissing', true, 'The template is still being prepared at WhatsApp'],
  [134102, 'permanent', 'template', 'marketingOff', false, 'The template cannot be used this way'],
  [135000, 'permanent', 'message', 'invalid', false, 'WhatsApp did not accept the message as it is'],
  [136024, 'permanent', 'number', 'notRegistered', false, 'This number is verified already'],
  [
    137000,
    'permanent',
    'customer',
    'identityChanged',
    false,
    "The customer's identity has changed and must be confirmed",
  ],
  [139100, 'permanent', 'customer', 'blockList', false, 'WhatsApp could not change whom this number blocks'],
  [139101, 'permanent', 'number', 'blockList', false, 'This number blocks as many customers as WhatsApp allows'],
  [139102, 'permanent', 'number', 'blockList', false, 'The list of blocked customers was changed elsewhere meanwhile'],
  [139103, 'retry', 'number', 'blockList', true, 'WhatsApp could not change the list of blocked customers just now'],
  [2494100, 'retry', 'number', 'maintenance', true, 'This number is in maintenance at WhatsApp'],
  [2593107, 'permanent', 'number', 'sync', false, 'WhatsApp did not hand over the history of this number'],
  [2593108, 'permanent', 'number', 'sync', false, 'WhatsApp did not hand over the history of this number'],
  [2593109, 'permanent', 'number', 'sync', false, 'WhatsApp did not hand over the history of this number'],
];

/** Meta's codes (WhatsApp Business Platform, error codes; Graph API, handling errors). One table for all of Parley. */
export const META_ERRORS: ReadonlyMap<number, MetaError> = new Map(ROWS.map((row) => [row[0], rule(row)]));

/** Codes that Meta gives out by the hundred for one cause: from, to, and the rule of all between. */
export const META_ERROR_RANGES: readonly (readonly [from: number, to: number, error: MetaError])[] = [
  [
    200,
    299,
    rule([200, 'permanent', 'number', 'permission', true, 'The access token lacks a permission for this number']),
  ],
  [
    131200,
    131299,
    rule([131200, 'permanent', 'customer', 'group', false, 'WhatsApp refused something about the group']),
  ],
  [138000, 138018, rule([138000, 'permanent', 'customer', 'calling', false, 'The call could not be made'])],
  [139000, 139004, rule([139000, 'permanent', 'template', 'flowBlocked', false, 'The form could not be managed'])],
  [147001, 147005, rule([147001, 'permanent', 'number', 'username', false, 'WhatsApp refused the username'])],
];

/** Seconds that Meta asks to wait before the same is sent again; sooner it makes things worse, or fails for sure. */
export const RETRY_AFTER_SECONDS: ReadonlyMap<number, number> = new Map([
  [131049, 24 * 3_600],
  [132069, 3_600],
  [133015, 5 * 60],
  [134101, 10 * 60],
]);

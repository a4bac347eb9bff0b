/** A refusal in the shape of the Graph API (Meta: Cloud API, error codes). */
export class GraphError extends Error {
  readonly code: number;
  readonly http: number;
  readonly type: string;
  readonly details: string | undefined;
  readonly subcode: number | undefined;

  constructor(code: number, details?: string, options: GraphErrorOptions = {}) {
    const known = catalogue[code];
    super(options.message ?? `(#${String(code)}) ${known?.title ?? 'Something went wrong'}`);
    this.name = 'GraphError';
    this.code = code;
    this.http = options.http ?? known?.http ?? 400;
    this.type = options.type ?? 'OAuthException';
    this.details = details;
    this.subcode = options.subcode;
  }
}

interface GraphErrorOptions {
  message?: string;
  http?: number;
  type?: string;
  subcode?: number;
}

interface KnownError {
  title: string;
  http: number;
  details?: string;
}

/** Titles and HTTP statuses by code; the statuses are those of Meta's older table, the newest one prints none. */
const catalogue: Readonly<Record<number, KnownError>> = {
  0: { title: 'AuthException', http: 401 },
  1: { title: 'API Unknown', http: 400 },
  2: { title: 'API Service', http: 503 },
  3: { title: 'API Method', http: 500 },
  4: { title: 'Application request limit reached', http: 400 },
  10: { title: 'Permission Denied', http: 403 },
  33: { title: 'Parameter value is not valid', http: 400 },
  100: { title: 'Invalid parameter', http: 400 },
  104: { title: 'An access token is required to request this resource.', http: 401 },
  190: { title: 'Access token has expired', http: 401 },
  200: { title: 'Permissions error', http: 403 },
  368: { title: 'Temporarily blocked for policies violations', http: 403 },
  80007: { title: 'Rate limit issues', http: 400 },
  130403: { title: 'User is blocked by the business', http: 400 },
  130429: { title: 'Rate limit hit', http: 400, details: 'Cloud API message throughput has been reached.' },
  130472: { title: "User's number is part of an experiment", http: 400 },
  131000: { title: 'Something went wrong', http: 500, details: 'Message failed to send due to an unknown error.' },
  131005: { title: 'Access denied', http: 403 },
  131008: { title: 'Required parameter is missing', http: 400 },
  131009: { title: 'Parameter value is not valid', http: 400 },
  131016: { title: 'Service unavailable', http: 500 },
  131021: { title: 'Recipient cannot be sender', http: 400 },
  131026: { title: 'Message Undeliverable', http: 400, details: 'Unable to deliver message.' },
  131030: { title: 'Recipient phone number not in allowed list', http: 400 },
  131031: { title: 'Account has been locked', http: 403 },
  131037: { title: 'Display name not approved', http: 400 },
  131042: { title: 'Business eligibility payment issue', http: 400 },
  131045: { title: 'Incorrect certificate', http: 500 },
  131047: {
    title: 'Re-engagement message',
    http: 400,
    details: 'More than 24 hours have passed since the recipient last replied to the sender number.',
  },
  131048: { title: 'Spam rate limit hit', http: 400 },
  131049: { title: 'This message was not delivered to maintain healthy ecosystem engagement.', http: 400 },
  131050: { title: 'User has stopped marketing messages', http: 400 },
  131051: { title: 'Unsupported message type', http: 400 },
  131052: { title: 'Media download error', http: 400 },
  131053: { title: 'Media upload error', http: 400 },
  131056: {
    title: '(Business Account, Consumer Account) pair rate limit hit',
    http: 400,
    details:
      'Message failed to send because there were too many messages sent from this phone number to the same user.',
  },
  131057: { title: 'Account in maintenance mode', http: 500 },
  131062: { title: 'Business-scoped user id not supported for this message', http: 400 },
  132000: { title: 'Number of parameters does not match the expected number of params', http: 400 },
  132001: { title: 'Template name does not exist in the translation', http: 404 },
  132005: { title: 'Translated text too long', http: 400 },
  132007: { title: 'Template Format Character Policy Violated', http: 400 },
  132012: { title: 'Parameter format does not match format in the created template', http: 400 },
  132015: { title: 'Template is Paused', http: 400 },
  132016: { title: 'Template is Disabled', http: 400 },
  133004: { title: 'Server Temporarily Unavailable', http: 503 },
  133010: { title: 'Phone number not registered', http: 400 },
};

/** The object that a `failed` status carries in its `errors` (Meta: webhooks, messages status). */
export function statusErrorOf(code: number, details?: string): Record<string, unknown> {
  const title = catalogue[code]?.title ?? 'Something went wrong';
  return {
    code,
    title,
    message: title,
    error_data: { details: details ?? catalogue[code]?.details ?? title },
    href: '/documentation/business-messaging/whatsapp/support/error-codes',
  };
}

/** The error for a code with its usual details. */
export function graphErrorOf(code: number, details?: string, http?: number): GraphError {
  return new GraphError(code, details ?? catalogue[code]?.details, http === undefined ? {} : { http });
}

/** The answer's body (Meta: error envelope). */
export function errorBody(error: GraphError, traceId: string): Record<string, unknown> {
  return {
    error: {
      message: error.message,
      type: error.type,
      code: error.code,
      ...(error.details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details: error.details } }),
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      fbtrace_id: traceId,
    },
  };
}

/** What Graph says about an id that it cannot show to this token. */
export function unknownObject(method: string, id: string): GraphError {
  return new GraphError(100, undefined, {
    message:
      `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
      'missing permissions, or does not support this operation. Please read the Graph API documentation at ' +
      'https://developers.facebook.com/docs/graph-api',
    type: 'GraphMethodException',
    subcode: 33,
  });
}

import { catalogue } from './error-catalogue.ts';

/** A refusal in the shape of the Graph API (Meta: Cloud API, error codes). */
export class GraphError extends Error {
  readonly code: number;
  readonly http: number;
  readonly type: string;
  readonly details: string | undefined;
  readonly subcode: number | undefined;
  /** Words for whoever sits before the screen. */
  readonly userMessage: string | undefined;
  /** What the answer holds next to `error`. */
  readonly beside: Record<string, unknown>;

  constructor(code: number, details?: string, options: GraphErrorOptions = {}) {
    const known = catalogue[code];
    super(options.message ?? `(#${String(code)}) ${known?.title ?? 'Something went wrong'}`);
    this.name = 'GraphError';
    this.code = code;
    this.http = options.http ?? known?.http ?? 400;
    this.type = options.type ?? 'OAuthException';
    this.details = details;
    this.subcode = options.subcode;
    this.userMessage = options.userMessage;
    this.beside = options.beside ?? {};
  }
}

interface GraphErrorOptions {
  message?: string;
  http?: number;
  type?: string;
  subcode?: number;
  userMessage?: string;
  beside?: Record<string, unknown>;
}

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
    ...error.beside,
    error: {
      message: error.message,
      type: error.type,
      code: error.code,
      ...(error.details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details: error.details } }),
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...(error.userMessage === undefined ? {} : { error_user_msg: error.userMessage }),
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

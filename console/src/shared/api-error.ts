import type { ErrorCode, Problem } from '@parley/contract';

/** What went wrong when no answer of the server says it: it could not be reached, or did not answer in time. */
export type TransportCode = 'network' | 'timeout';

/** A request that did not succeed. `code` is the server's, or says why there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode | TransportCode,
    readonly status: number,
    /** The whole problem document; its extra members depend on the code. */
    readonly problem: Problem | null = null,
    readonly retryAfterMs: number | null = null,
  ) {
    super(problem?.detail ?? problem?.title ?? code);
    this.name = 'ApiError';
  }

  /** Nobody can say whether the server acted: only something idempotent may be repeated. */
  get isAmbiguous(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  /** The same request may succeed later without anybody changing anything. */
  get isTransient(): boolean {
    return this.isAmbiguous || this.status === 429;
  }
}

/** The code of anything that was thrown. */
export const toErrorCode = (error: unknown): ErrorCode | TransportCode =>
  error instanceof ApiError ? error.code : 'internal';

import type { ErrorCode } from '@parley/contract';

/**
 * A refusal that a caller can act on: becomes `application/problem+json` over HTTP and `{ ok: false, code }` over the
 * socket. `extra` are the members that the code promises (e.g. `assignee`, `conversation`, `closedAt`).
 */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly status: number,
    message: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** What may be missing: the first half of a `….not_found` code. */
type Thing = ErrorCode extends infer Code ? (Code extends `${infer Name}.not_found` ? Name : never) : never;

/** 404, also for what the caller may not see. `thing` is the first half of the code. */
export class NotFoundError extends DomainError {
  constructor(thing: Thing) {
    super(`${thing}.not_found`, 404, `This ${thing.replace('_', ' ')} does not exist or is not visible to you.`);
  }
}

/** 403: signed in, but the role does not allow it. */
export class ForbiddenError extends DomainError {
  constructor(message = 'Your role does not allow this.') {
    super('auth.forbidden', 403, message);
  }
}

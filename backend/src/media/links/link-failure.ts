import type { LinkFailureReason } from '@parley/contract';

/** Why a file could not be fetched from its link; `too_large` = larger than the caller takes. */
export class LinkFailure extends Error {
  constructor(
    readonly reason: LinkFailureReason | 'too_large',
    detail: string,
  ) {
    super(detail);
    this.name = 'LinkFailure';
  }
}

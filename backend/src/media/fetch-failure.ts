import type { FileFailure } from '@parley/contract';

/** Why a try to fetch a file came to nothing. */
export class FetchFailure extends Error {
  constructor(
    readonly failure: FileFailure,
    detail: string,
    /** Trying again by itself cannot help. */
    readonly isFinal = false,
  ) {
    super(detail);
    this.name = 'FetchFailure';
  }
}

const SECOND_MS = 1_000;
/** Pauses after failed tries; with the last one used up a person has to say Retry. Meta keeps a file for seven days. */
const PAUSES_MS = [5, 30, 120, 600, 3_600, 4 * 3_600, 12 * 3_600].map((seconds) => seconds * SECOND_MS);

/** How long to wait after so many tries; null = give up. Spread, so that what failed together does not come together. */
export function pauseAfter(
  tries: number,
  { isFinal }: Pick<FetchFailure, 'isFinal'>,
  random = Math.random,
): number | null {
  const pauseMs = isFinal ? undefined : PAUSES_MS[tries - 1];
  return pauseMs === undefined ? null : Math.round(pauseMs * (0.75 + random() / 2));
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WINDOW_MS = 24 * HOUR_MS;
const SOON_MS = 6 * HOUR_MS;
const LAST_HOUR_MS = HOUR_MS;

/** How near the end of the customer service window is; each is drawn differently, not only coloured. */
export type WindowPhase = 'never' | 'open' | 'soon' | 'last-hour' | 'closed';

export interface WindowState {
  phase: WindowPhase;
  /** Until it closes; since it closed when negative; 0 if it never opened. */
  msLeft: number;
  /** What is left of the 24 hours, from 0 to 1. */
  fractionLeft: number;
}

/** Where the customer service window stands at `now`. */
export function windowState(expiresAt: string | null, now: number): WindowState {
  if (expiresAt === null) return { phase: 'never', msLeft: 0, fractionLeft: 0 };
  const msLeft = Date.parse(expiresAt) - now;
  const fractionLeft = Math.min(1, Math.max(0, msLeft / WINDOW_MS));
  if (msLeft <= 0) return { phase: 'closed', msLeft, fractionLeft: 0 };
  if (msLeft <= LAST_HOUR_MS) return { phase: 'last-hour', msLeft, fractionLeft };
  return { phase: msLeft <= SOON_MS ? 'soon' : 'open', msLeft, fractionLeft };
}

/** Whether free text may be sent: the server decides, this only says it beforehand. */
export function isWindowOpen(state: WindowState): boolean {
  return state.phase !== 'never' && state.phase !== 'closed';
}

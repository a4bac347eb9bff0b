import { CircleHelp, CirclePause, CircleX, Hourglass } from '@lucide/vue';
import type { FailureGroup, FailureState } from '@parley/contract';
import type { Component } from 'vue';
import type { GroupName } from './failures.api.js';

const SEPARATOR = '.';
const states: readonly string[] = ['failed', 'unknown', 'paused', 'limited'] satisfies FailureState[];

/** A group's name as it stands in the address. */
export const keyOfGroup = ({ state, code }: GroupName): string => `${state}${SEPARATOR}${code}`;

/** The group that an address names; null for what names none. */
export function groupOfKey(key: string): GroupName | null {
  const [state = '', ...code] = key.split(SEPARATOR);
  return states.includes(state) && code.length > 0
    ? { state: state as FailureState, code: code.join(SEPARATOR) }
    : null;
}

/** Meta's own code, which its documentation knows; ours are words. */
export const isMetas = (code: string): boolean => /^\d+$/u.test(code);

/** How a state is drawn; the words beside it say the same. */
export const stateFaces: Readonly<Record<FailureState, { icon: Component; ink: string }>> = {
  failed: { icon: CircleX, ink: 'text-red-ink' },
  unknown: { icon: CircleHelp, ink: 'text-amber-ink' },
  paused: { icon: CirclePause, ink: 'text-red-ink' },
  limited: { icon: Hourglass, ink: 'text-amber-ink' },
};

/** What can be done with a group: `again` at once, `later` after a pause, `itself` it goes out alone, `never`. */
export function helpOf({ state, retryable, retryAfterSeconds }: FailureGroup): 'again' | 'later' | 'itself' | 'never' {
  if (state === 'limited' || state === 'paused') return 'itself';
  if (!retryable) return 'never';
  return retryAfterSeconds > 0 ? 'later' : 'again';
}

import { Phone, PhoneMissed } from '@lucide/vue';
import type { Call } from '@parley/contract';
import type { Component } from 'vue';

/** How a call is said in a thread and a list row. `label` is a key below `thread.call`. */
export interface CallFace {
  icon: Component;
  label: string;
  /** Minutes and seconds; empty where nobody talked. */
  length: string;
  /** The customer called and nobody picked up. */
  isMissed: boolean;
}

export function callFace({ direction, outcome, seconds }: Pick<Call, 'direction' | 'outcome' | 'seconds'>): CallFace {
  const isMissed = direction === 'inbound' && outcome === 'missed';
  return {
    icon: isMissed ? PhoneMissed : Phone,
    label: `${direction}.${outcome === 'answered' && seconds !== null ? 'talked' : outcome}`,
    length: seconds === null ? '' : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
    isMissed,
  };
}

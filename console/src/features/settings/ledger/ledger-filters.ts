import type { LedgerFilter } from '../settings.api.js';

export type LedgerView =
  'all' | 'gaveUp' | 'retry' | 'dead' | 'unrouted' | 'waiting' | 'applied' | 'duplicate' | 'kept';

/** The questions that operators ask of the ledger, the urgent ones first. */
export const ledgerFilters: readonly { key: LedgerView; filter: LedgerFilter }[] = [
  { key: 'all', filter: {} },
  { key: 'gaveUp', filter: { state: 'dead' } },
  { key: 'dead', filter: { outcome: 'dead' } },
  { key: 'unrouted', filter: { outcome: 'unrouted' } },
  { key: 'retry', filter: { state: 'retry' } },
  { key: 'waiting', filter: { outcome: 'waiting' } },
  { key: 'applied', filter: { outcome: 'applied' } },
  { key: 'duplicate', filter: { outcome: 'duplicate' } },
  { key: 'kept', filter: { outcome: 'kept' } },
];

/** How much an outcome or a state wants somebody's eye. */
export const toneOf = (value: string): 'neutral' | 'green' | 'amber' | 'red' => {
  if (value === 'dead') return 'red';
  if (value === 'unrouted' || value === 'retry' || value === 'waiting') return 'amber';
  return value === 'applied' || value === 'done' ? 'green' : 'neutral';
};

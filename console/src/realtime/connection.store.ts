import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { SyncState } from './sync-client.js';

/** Most drops heal within this time, and nobody needs to read about them. */
const HOLD_MS = 1_500;

/** What the agent is told about the connection: a loss only when it lasts, its end at once. */
export const useConnectionStore = defineStore('connection', () => {
  /** What is so. */
  const state = shallowRef<SyncState>('catching-up');
  /** What is shown. */
  const shown = shallowRef<SyncState>('catching-up');
  /** When the stream was last known to be whole. */
  const since = shallowRef<string | null>(null);
  /** How many changes came after the last loss, until the stream was whole again. */
  const missed = shallowRef(0);
  /** When the server was last heard, in ms; nothing else proves that what a screen shows is still so. */
  const heardAt = shallowRef(0);
  /** A screen that nobody can ask whether it is alive has the server asked every second. */
  const isWatched = shallowRef(false);
  let holding: ReturnType<typeof setTimeout> | undefined;

  function set(next: SyncState): void {
    if (next === state.value) return;
    if (next !== 'live' && since.value === null) since.value = new Date().toISOString();
    if (next === 'live') since.value = null;
    if (next === 'offline' && state.value === 'live') missed.value = 0;
    state.value = next;
    clearTimeout(holding);
    if (next === 'live' || shown.value !== 'live') shown.value = next;
    else holding = setTimeout(() => (shown.value = state.value), HOLD_MS);
  }

  /** A change came: of what was missed, as long as the stream is not whole. */
  const countMissed = (): void => void (state.value === 'catching-up' && (missed.value += 1));
  const hear = (): void => void (heardAt.value = Date.now());

  return { state, shown, since, missed, heardAt, isWatched, set, countMissed, hear };
});

import { shallowRef } from 'vue';
import type { LedgerFilter, SettingsApi } from '../settings.api.js';

const AT_ONCE = 25;
const PAGE = 100;
/** Far more than a person means by "these"; the rest comes with the next press. */
const MAX = 2_000;

/** Works through many deliveries again, a few at a time, and says how far it is; it can be stopped between two. */
export function useReplay(api: SettingsApi) {
  const progress = shallowRef<{ done: number; total: number; skipped: number } | null>(null);
  let isStopped = false;

  async function idsOf(filter: LedgerFilter): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.deliveries(filter, cursor, PAGE);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null && ids.length < MAX);
    return ids.slice(0, MAX);
  }

  /** The oldest first, so that customers' messages keep their order. How many were replayed. */
  async function replay(ids: readonly string[]): Promise<number> {
    isStopped = false;
    const waiting = [...ids].reverse();
    const total = waiting.length;
    let done = 0;
    let skipped = 0;
    progress.value = { done, total, skipped };
    try {
      while (waiting.length > 0 && !isStopped) {
        const answer = await api.replay(waiting.splice(0, AT_ONCE));
        done += answer.replayed.length;
        skipped += answer.skipped.length;
        progress.value = { done, total, skipped };
      }
    } finally {
      progress.value = null;
    }
    return done;
  }

  return { progress, idsOf, replay, stop: () => (isStopped = true) };
}

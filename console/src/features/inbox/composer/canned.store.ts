import type { CannedReply } from '@parley/contract';
import { stored } from '../../../shared/stored.js';
import { defineStore } from 'pinia';
import { useEntitiesStore } from '../entities.store.js';
import { fuzzyScore } from '../fuzzy.js';

/** Asked for again when the list is opened this long after. */
const FRESH_MS = 30_000;
const RECENT_KEPT = 20;

/** The ready-made replies, kept in this browser so that the list is there at once, offline too. */
export const useCannedStore = defineStore('canned', () => {
  const entities = useEntitiesStore();
  const replies = stored<CannedReply[]>('parley.canned', []);
  const recent = stored<string[]>('parley.cannedRecent', []);
  let loadedAt = 0;

  async function refresh(): Promise<void> {
    if (Date.now() - loadedAt < FRESH_MS) return;
    loadedAt = Date.now();
    try {
      replies.value = (await entities.api.cannedReplies()).items;
    } catch {
      loadedAt = 0; // What is kept here goes on being offered.
    }
  }

  /** What fits the query, best first: the shortcut counts more than the title, the title more than the words. */
  function find(query: string): CannedReply[] {
    const rank = new Map(recent.value.map((id, index) => [id, RECENT_KEPT - index]));
    return replies.value
      .map((reply) => ({
        reply,
        score: Math.max(
          fuzzyScore(query, reply.shortcut) * 3,
          fuzzyScore(query, reply.title) * 2,
          // Letters scattered over a whole text mean nothing.
          query.length > 2 && fuzzyScore(query, reply.body) >= 30 ? 30 : 0,
        ),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || (rank.get(b.reply.id) ?? 0) - (rank.get(a.reply.id) ?? 0))
      .map(({ reply }) => reply);
  }

  function used(id: string): void {
    recent.value = [id, ...recent.value.filter((known) => known !== id)].slice(0, RECENT_KEPT);
  }

  return { replies, find, used, refresh };
});

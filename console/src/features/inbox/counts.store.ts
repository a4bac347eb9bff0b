import type { ConversationCounts, TeamCounts } from '@parley/contract';
import { useThrottleFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { teamsSeenPreference } from '../../shared/preferences.js';
import { useEntitiesStore } from './entities.store.js';
import { toViewCounts } from './views.js';

/** However much happens, the server is asked for the counts at most this often. */
const REFRESH_MS = 1_500;

/** The figures beside the queues; unknown until the server said them. */
export const useCountsStore = defineStore('counts', () => {
  const entities = useEntitiesStore();
  const counts = shallowRef<ConversationCounts | null>(null);
  const teamsSeen = teamsSeenPreference();
  let asked = 0;

  async function fetchCounts(): Promise<void> {
    const turn = ++asked;
    try {
      const answer = await entities.api.counts();
      if (turn !== asked) return;
      counts.value = answer;
      teamsSeen.value = answer.teams.length > 0;
    } catch {
      // The figures stay as they were; the next event or the next connection asks again.
    }
  }
  const refresh = useThrottleFn(fetchCounts, REFRESH_MS, true, true);

  function clear(): void {
    asked += 1;
    counts.value = null;
  }

  return {
    byView: computed(() => (counts.value ? toViewCounts(counts.value) : {})),
    teams: computed<readonly TeamCounts[]>(() => counts.value?.teams ?? []),
    /** The same of one team. */
    ofTeam: (id: string) => {
      const team = counts.value?.teams.find((one) => one.id === id);
      return team ? toViewCounts(team) : {};
    },
    mineUnread: computed(() => counts.value?.mineUnread ?? 0),
    refresh,
    clear,
  };
});

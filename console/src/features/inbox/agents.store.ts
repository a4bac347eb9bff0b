import type { Agent, Team } from '@parley/contract';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { usePresenceStore } from '../../realtime/presence.store.js';
import type { AssignableAgent } from './components/types.js';
import { useEntitiesStore } from './entities.store.js';

/** The colleagues and teams a conversation can be given to, and who of them is here. */
export const useAgentsStore = defineStore('agents', () => {
  const entities = useEntitiesStore();
  const presence = usePresenceStore();
  const agents = shallowRef<readonly Agent[]>([]);

  const teams = shallowRef<readonly Team[]>([]);

  const assignable = computed<AssignableAgent[]>(() =>
    agents.value.filter(({ active }) => active).map(({ id, name }) => ({ id, name, online: presence.online.has(id) })),
  );

  async function load(): Promise<void> {
    const [people, groups] = await Promise.all([entities.api.agents(), entities.api.teams()]);
    agents.value = people.items;
    teams.value = groups.items;
  }

  function clear(): void {
    agents.value = [];
    teams.value = [];
  }

  return { agents, assignable, teams, load, clear };
});

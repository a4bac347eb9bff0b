import type { Agent } from '@parley/contract';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { usePresenceStore } from '../../realtime/presence.store.js';
import type { AssignableAgent } from './components/types.js';
import { useEntitiesStore } from './entities.store.js';

/** The colleagues a conversation can be given to, and who of them is here. */
export const useAgentsStore = defineStore('agents', () => {
  const entities = useEntitiesStore();
  const presence = usePresenceStore();
  const agents = shallowRef<readonly Agent[]>([]);

  const assignable = computed<AssignableAgent[]>(() =>
    agents.value.filter(({ active }) => active).map(({ id, name }) => ({ id, name, online: presence.online.has(id) })),
  );

  async function load(): Promise<void> {
    agents.value = (await entities.api.agents()).items;
  }

  function clear(): void {
    agents.value = [];
  }

  return { assignable, load, clear };
});

import type { LimitedChannels } from '@parley/contract';
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { useConnectionStore } from '../../../realtime/connection.store.js';
import { useNow } from '../../../shared/ui/use-format.js';
import { useSessionStore } from '../../auth/session.store.js';

/** Numbers that cannot send all that they should; follows what Meta says, and what ends by itself ends here too. */
export const useLimitedNumbersStore = defineStore('limitedNumbers', () => {
  const session = useSessionStore();
  const connection = useConnectionStore();
  const now = useNow();
  const told = shallowRef<LimitedChannels['items']>([]);
  let asked = 0;

  async function load(): Promise<void> {
    const mine = ++asked;
    try {
      const { items } = await session.http.get<LimitedChannels>('/channels/limited');
      if (mine === asked) told.value = items;
    } catch {
      // What is shown stays; the next change, or the next connection, asks again.
    }
  }

  window.addEventListener('parley:channels', () => void load());
  watch(
    () => connection.state,
    (state) => state === 'live' && void load(),
    { immediate: true },
  );

  const items = computed(() =>
    told.value.flatMap((item) => {
      const troubles = item.troubles.filter(({ until }) => until === null || Date.parse(until) > now.value);
      return troubles.length > 0 ? [{ ...item, troubles }] : [];
    }),
  );
  return { items };
});

import type { NotifyEvent } from '@parley/contract/constants';
import { computed } from 'vue';
import { stored } from '../../shared/stored.js';
import type { News } from './news.js';

interface Untold {
  key: string;
  event: NotifyEvent;
  conversationId: string;
}

const KEPT = 200;

/**
 * News whose thread the agent has not looked at yet, shared by all tabs of this browser. Messages are not among them:
 * the server counts what is unread.
 */
export function useUntold(agentId: string) {
  const list = stored<Untold[]>(`parley.untold.${agentId}`, []);
  return {
    mentions: computed(() => new Set(list.value.filter(({ event }) => event === 'mention').map(({ key }) => key)).size),
    hasOthers: computed(() => list.value.some(({ event }) => event !== 'mention')),
    add({ key, event, conversationId }: News): void {
      if (event === 'message' || list.value.some((one) => one.key === key)) return;
      list.value = [...list.value, { key, event, conversationId }].slice(-KEPT);
    },
    /** The thread was looked at, or somebody else took what waited. */
    settle(conversationId: string, event?: NotifyEvent): void {
      const left = list.value.filter(
        (one) => one.conversationId !== conversationId || (event !== undefined && one.event !== event),
      );
      if (left.length !== list.value.length) list.value = left;
    },
  };
}

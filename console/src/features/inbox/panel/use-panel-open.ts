import { useMediaQuery } from '@vueuse/core';
import { computed, shallowRef, watch, type WritableComputedRef } from 'vue';
import { panelPreference } from '../../../shared/preferences.js';

/** From here on the panel has a column of its own; below, it lies over the thread. */
const WIDE = '(min-width: 80rem)';

/** Whether the panel stands beside the thread now, not over it. */
export const isPanelBeside = (): boolean => window.matchMedia(WIDE).matches;

/**
 * Whether the details are shown. As a column it is the agent's taste and remembered; as a drawer over the thread it is
 * opened for a look, and the next conversation starts without it.
 */
export function usePanelOpen(conversationId: () => string | null): WritableComputedRef<boolean> {
  const isWide = useMediaQuery(WIDE);
  const remembered = panelPreference();
  const isDrawerOpen = shallowRef(false);
  watch([conversationId, isWide], () => (isDrawerOpen.value = false));
  return computed({
    get: () => (isWide.value ? remembered.value : isDrawerOpen.value),
    set: (open) => {
      if (isWide.value) remembered.value = open;
      else isDrawerOpen.value = open;
    },
  });
}

import { createSharedComposable, useIntervalFn } from '@vueuse/core';
import { shallowRef, type Ref } from 'vue';

/** The present in steps of a second: one timer for every wait on the board, and none once the board is left. */
export const useSeconds = createSharedComposable((): Readonly<Ref<number>> => {
  const now = shallowRef(Date.now());
  useIntervalFn(() => (now.value = Date.now()), 1_000);
  return now;
});

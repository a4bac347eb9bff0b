import { useDebounceFn, useDocumentVisibility, useIntervalFn } from '@vueuse/core';
import { watch } from 'vue';
import type { DurableEvent } from '../../realtime/sync-client.js';
import { useEntitiesStore } from '../inbox/entities.store.js';

/** A storm of failures is one question to the server, and not a late one. */
const SETTLE_MS = 500;
const AT_LATEST_MS = 2_000;
/** What waits for its time goes out without an event that is heard here, and a stop is lifted. */
const LOOK_EVERY_MS = 20_000;

/** Whether an event may bring something onto the desk, or take it away. */
function concerns(event: DurableEvent): boolean {
  if (event.type === 'conversation:hidden') return true;
  if (event.type !== 'message:updated' && event.type !== 'message:created') return false;
  return event.payload.direction === 'outbound' && event.payload.status !== 'read' && event.payload.status !== 'played';
}

/** Looks again when something failed, was settled or went out after all; in a component until it is gone. */
export function useFailureNews(look: () => Promise<void>): void {
  const entities = useEntitiesStore();
  const visibility = useDocumentVisibility();
  const soon = useDebounceFn(look, SETTLE_MS, { maxWait: AT_LATEST_MS });
  entities.onEvent((event) => void (concerns(event) && soon()));
  watch([() => entities.resets, visibility], () => void (visibility.value === 'visible' && soon()));
  useIntervalFn(() => void (visibility.value === 'visible' && look()), LOOK_EVERY_MS);
}

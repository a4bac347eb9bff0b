import { useDocumentVisibility, useEventListener, useIntervalFn, useThrottleFn } from '@vueuse/core';
import { watch } from 'vue';
import { useEntitiesStore } from '../../inbox/entities.store.js';
import { useResource } from '../use-resource.js';
import { useSettingsApi } from '../use-settings-api.js';

/** The socket says when something moved; this is for what it cannot know, and for a socket that is away. */
const LOOK_EVERY_MS = 10_000;
const AT_MOST_EVERY_MS = 700;

/** How far the set-up has come, kept current: by what admins are told, by what threads do, and by looking again. */
export function useSetup() {
  const api = useSettingsApi();
  const entities = useEntitiesStore();
  const visibility = useDocumentVisibility();
  const resource = useResource(() => api.setup());
  const look = useThrottleFn(() => resource.reload(), AT_MOST_EVERY_MS, true);

  useEventListener(window, 'parley:setup', () => void look());
  watch(
    () => entities.conversations,
    () => void look(),
  );
  watch(visibility, (now) => now === 'visible' && void look());
  useIntervalFn(() => visibility.value === 'visible' && void look(), LOOK_EVERY_MS);
  return resource;
}

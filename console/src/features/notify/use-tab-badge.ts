import { useTitle } from '@vueuse/core';
import { computed, onScopeDispose, watch, type Ref } from 'vue';
import { i18n } from '../../i18n/index.js';
import { useConnectionStore } from '../../realtime/connection.store.js';
import { useCountsStore } from '../inbox/counts.store.js';
import { useEntitiesStore } from '../inbox/entities.store.js';
import { badgedTitle, showBadge } from './badge.js';
import { levelOf, type NotifyChoices } from './levels.js';
import type { useUntold } from './untold.js';

/** Shows in the tab's title and icon how much waits for the agent, for as long as the scope lives. */
export function useTabBadge(
  choices: Readonly<Ref<NotifyChoices>>,
  { mentions, hasOthers }: Pick<ReturnType<typeof useUntold>, 'mentions' | 'hasOthers'>,
): void {
  const { t } = i18n.global;
  const counts = useCountsStore();
  const entities = useEntitiesStore();
  const connection = useConnectionStore();

  const isCounted = (event: 'message' | 'mention') => levelOf(event, choices.value) !== 'off';
  const count = computed(
    () => (isCounted('message') ? counts.mineUnread : 0) + (isCounted('mention') ? mentions.value : 0),
  );
  // The inbox keeps the counts fresh while it is open; the badge wants them everywhere.
  watch([() => entities.conversations, () => connection.state], () => void counts.refresh(), { immediate: true });
  watch([count, hasOthers], ([n, hasMore]) => showBadge(n, hasMore), { immediate: true });
  useTitle(computed(() => badgedTitle(t('app.name'), count.value, hasOthers.value)));

  onScopeDispose(() => {
    showBadge(0, false);
    document.title = t('app.name');
  });
}

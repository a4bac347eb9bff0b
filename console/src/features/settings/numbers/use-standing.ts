import { useEventListener, useThrottleFn } from '@vueuse/core';
import { onMounted, shallowRef } from 'vue';
import { toErrorCode } from '../../../shared/api-error.js';
import { useResource } from '../use-resource.js';
import { useSettingsApi } from '../use-settings-api.js';

/** A history of news comes in bursts. */
const RELOAD_AT_MOST_EVERY_MS = 500;

/** How a number stands, live; Meta is asked when the page opens and on request. */
export function useStanding(channelId: string) {
  const api = useSettingsApi();
  const standing = useResource(() => api.standing(channelId));
  const isChecking = shallowRef(false);
  const checkFailure = shallowRef<string | null>(null);

  async function check(ask: () => Promise<unknown> = () => api.checkChannel(channelId)): Promise<void> {
    if (isChecking.value) return;
    isChecking.value = true;
    try {
      await ask();
      checkFailure.value = null;
    } catch (error) {
      checkFailure.value = toErrorCode(error);
    } finally {
      isChecking.value = false;
    }
    await standing.reload();
  }

  const reloadSoon = useThrottleFn(standing.reload, RELOAD_AT_MOST_EVERY_MS, true);
  useEventListener(window, 'parley:channels', () => void reloadSoon());
  onMounted(check);
  return {
    ...standing,
    check: () => check(),
    subscribe: () => check(() => api.subscribe(channelId)),
    isChecking,
    checkFailure,
  };
}

import { shallowRef, watch } from 'vue';
import type { Offerings } from '@parley/contract';
import { useSettingsApi } from './use-settings-api.js';

/** The forms that can be opened from a number's account, asked for once a form is wanted. */
export function useAccountForms(channelId: () => string | null, isWanted: () => boolean) {
  const api = useSettingsApi();
  const forms = shallowRef<Offerings['flows']>([]);

  async function load(channel: string): Promise<void> {
    try {
      const { flows } = await api.offerings(channel);
      if (channelId() === channel) forms.value = flows;
    } catch {
      // Any id can be written, so nothing waits for the list.
    }
  }
  watch(
    () => (isWanted() ? channelId() : null),
    (channel) => {
      forms.value = [];
      if (channel) void load(channel);
    },
    { immediate: true },
  );
  return forms;
}

import { shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { errorText } from '../../shared/error-text.js';
import { useToastsStore } from '../../shared/toasts.store.js';

/** Runs one act at a time, says when it is done, and why when it is not. */
export function useAct() {
  const { t } = useI18n();
  const toasts = useToastsStore();
  /** The name of the act under way. */
  const busy = shallowRef<string | null>(null);

  /** True once it is done; `done` is said then. */
  async function act(name: string, run: () => Promise<unknown>, done?: string): Promise<boolean> {
    if (busy.value !== null) return false;
    busy.value = name;
    try {
      await run();
      if (done !== undefined) toasts.show({ title: done });
      return true;
    } catch (error) {
      toasts.show({ title: t('toast.actFailed', { reason: errorText(error) }), tone: 'error' });
      return false;
    } finally {
      busy.value = null;
    }
  }

  return { busy, act };
}

import type { Conversation } from '@parley/contract';
import { shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { errorText } from '../../../shared/error-text.js';
import { shownName } from '../../../shared/shown-name.js';
import { useToastsStore } from '../../../shared/toasts.store.js';
import { useSessionStore } from '../../auth/session.store.js';
import { useEntitiesStore } from '../entities.store.js';

/** Blocks and unblocks a customer at Meta; the server says how it stands then, or why not. */
export function useBlocking() {
  const { t } = useI18n();
  const { http } = useSessionStore();
  const entities = useEntitiesStore();
  const toasts = useToastsStore();
  const isBusy = shallowRef(false);

  /** True once it is done. */
  async function set({ id, contact }: Conversation, isBlocked: boolean): Promise<boolean> {
    if (isBusy.value) return false;
    isBusy.value = true;
    try {
      const path = `/conversations/${id}/block`;
      await entities.change(() => (isBlocked ? http.post(path) : http.send('DELETE', path)));
      toasts.show({
        title: t(isBlocked ? 'numbers.block.done' : 'numbers.block.undone', { name: shownName(contact) }),
      });
      return true;
    } catch (error) {
      toasts.show({ tone: 'error', title: errorText(error) });
      return false;
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, block: (one: Conversation) => set(one, true), unblock: (one: Conversation) => set(one, false) };
}

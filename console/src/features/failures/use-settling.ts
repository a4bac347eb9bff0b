import type { Failure, SettleFailures } from '@parley/contract';
import { shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { errorText } from '../../shared/error-text.js';
import { useToastsStore } from '../../shared/toasts.store.js';
import { everyFailure } from './every-failure.js';
import { FAILURES_PAGE, type FailuresApi, type GroupName } from './failures.api.js';

type Ref = SettleFailures['messages'][number];

/** Takes messages off the desk, one or a whole group, with a way back in the notice. */
export function useSettling(api: FailuresApi, changed: () => Promise<unknown>) {
  const { t } = useI18n();
  const toasts = useToastsStore();
  const isSettling = shallowRef(false);

  /** In pieces that one request may hold; what came before an error counts. */
  async function inPieces(
    refs: readonly Ref[],
    act: (messages: Ref[]) => Promise<{ messages: Ref[] }>,
  ): Promise<Ref[]> {
    const done: Ref[] = [];
    try {
      for (let at = 0; at < refs.length; at += FAILURES_PAGE) {
        done.push(...(await act(refs.slice(at, at + FAILURES_PAGE))).messages);
      }
    } catch (error) {
      toasts.show({ title: t('toast.actFailed', { reason: errorText(error) }), tone: 'error' });
    }
    return done;
  }

  async function restore(refs: readonly Ref[]): Promise<void> {
    const { length: n } = await inPieces(refs, (messages) => api.restore({ messages }));
    if (n > 0) toasts.show({ title: t('failures.restored', { n }, n) });
    await changed();
  }

  async function settle(failures: readonly Failure[]): Promise<void> {
    const refs = failures.map(({ conversationId, message }) => ({ conversationId, messageId: message.id }));
    isSettling.value = true;
    const settled = await inPieces(refs, (messages) => api.dismiss({ messages }));
    isSettling.value = false;
    const { length: n } = settled;
    if (n > 0) {
      toasts.show({
        title: t('failures.settled', { n }, n),
        action: { label: t('actions.undo') },
        act: () => void restore(settled),
      });
    }
    await changed();
  }

  async function settleAll(group: GroupName, channel: string | null): Promise<void> {
    isSettling.value = true;
    try {
      await settle(await everyFailure(api, group, channel));
    } catch (error) {
      toasts.show({ title: t('toast.actFailed', { reason: errorText(error) }), tone: 'error' });
    } finally {
      isSettling.value = false;
    }
  }

  return { isSettling, settle, settleAll };
}

import type { Failure, SettledFailures, SettleFailures } from '@parley/contract';
import { shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { errorText } from '../../shared/error-text.js';
import { useToastsStore } from '../../shared/toasts.store.js';
import { everyFailure } from './every-failure.js';
import { FAILURES_PAGE, type FailuresApi, type GroupName } from './failures.api.js';

type Ref = SettleFailures['messages'][number];
type Settled = SettledFailures['messages'][number];

/** Takes messages off the desk, one or a whole group, with a way back in the notice. */
export function useSettling(api: FailuresApi, changed: () => Promise<unknown>) {
  const { t } = useI18n();
  const toasts = useToastsStore();
  const isSettling = shallowRef(false);

  /** In pieces that one request may hold; what came before an error counts. */
  async function inPieces(
    refs: readonly Ref[],
    act: (messages: Ref[]) => Promise<SettledFailures>,
  ): Promise<Settled[]> {
    const done: Settled[] = [];
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

  /** As they are shown: one of which something else is known by now stays. */
  async function settle(failures: readonly Failure[]): Promise<void> {
    const refs = failures.map(({ conversationId, message, at }) => ({ conversationId, messageId: message.id, at }));
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

  /** The whole group as it was seen; what came onto the desk after `seenUntil` stays. */
  async function settleAll(group: GroupName, channel: string | null, seenUntil: string): Promise<void> {
    isSettling.value = true;
    try {
      const found = await everyFailure(api, group, channel);
      await settle(found.filter(({ at }) => at <= seenUntil));
    } catch (error) {
      toasts.show({ title: t('toast.actFailed', { reason: errorText(error) }), tone: 'error' });
    } finally {
      isSettling.value = false;
    }
  }

  return { isSettling, settle, settleAll };
}

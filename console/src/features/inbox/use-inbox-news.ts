import { computed, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { useConnectionStore } from '../../realtime/connection.store.js';
import { useAnnouncerStore } from '../../shared/announcer.store.js';
import { useToastsStore } from '../../shared/toasts.store.js';
import { useSessionStore } from '../auth/session.store.js';
import { usePermissionWords } from './components/message/permission-words.js';
import { useCountsStore } from './counts.store.js';
import { useEntitiesStore } from './entities.store.js';
import { useOutboxStore } from './outbox.store.js';

const SPOKEN_CHARS = 140;

/** What the agent is told beside the panes: a screen reader's polite words, a reply that failed. */
export function useInboxNews(openId: MaybeRefOrGetter<string | null>): void {
  const { t } = useI18n();
  const permissionWords = usePermissionWords();
  const entities = useEntitiesStore();
  const counts = useCountsStore();
  const outbox = useOutboxStore();
  const toasts = useToastsStore();
  const announcer = useAnnouncerStore();
  const connection = useConnectionStore();
  const session = useSessionStore();

  watch([() => entities.conversations, () => connection.state], () => void counts.refresh(), { immediate: true });

  // Only what arrives in the open thread is read out, and only once it was there before.
  const newest = computed(() => {
    const id = toValue(openId);
    const last = id ? entities.conversation(id)?.lastMessage : null;
    return id && last ? { conversationId: id, last } : null;
  });
  watch(newest, (now, before) => {
    if (now?.conversationId !== before?.conversationId || !now || !before || now.last.seq <= before.last.seq) return;
    const { direction, sender, preview, callPermission } = now.last;
    if (direction !== 'inbound') return;
    const text = callPermission ? permissionWords(callPermission) : preview.slice(0, SPOKEN_CHARS);
    announcer.announce(t('announce.message', { name: sender.name, text }));
  });

  const owner = computed(() => {
    const id = toValue(openId);
    const conversation = id ? entities.conversation(id) : undefined;
    return conversation && { conversationId: conversation.id, assignee: conversation.assignee };
  });
  watch(owner, (now, before) => {
    if (!now?.assignee || before?.conversationId !== now.conversationId || before.assignee !== null) return;
    if (now.assignee.id === session.agent?.id) return;
    announcer.announce(t('announce.claimedByOther', { name: now.assignee.name }));
  });

  watch(
    () => outbox.lastRefusal,
    (refusal) => {
      if (refusal === null) return;
      announcer.announce(t('announce.sendFailed', { reason: refusal.reason }));
      if (refusal.conversationId === toValue(openId)) return;
      toasts.show({ tone: 'error', title: t('toast.sendFailed', { reason: refusal.reason }) });
    },
  );
}

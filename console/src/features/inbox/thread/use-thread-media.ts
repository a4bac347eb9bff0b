import { computed, provide, shallowRef, watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { errorText } from '../../../shared/error-text.js';
import { useToastsStore } from '../../../shared/toasts.store.js';
import { randomUuid } from '../../../shared/uuid.js';
import { useSessionStore } from '../../auth/session.store.js';
import { threadActs } from '../components/media/thread-acts.js';
import type { ThreadMessage } from '../components/types.js';
import { useEntitiesStore } from '../entities.store.js';

/** What messages ask of their thread: the viewer, to be sent on, a file once more, a reaction, their history. */
export function useThreadMedia(
  conversationId: Readonly<Ref<string>>,
  messages: Readonly<Ref<readonly ThreadMessage[]>>,
) {
  const entities = useEntitiesStore();
  const session = useSessionStore();
  const toasts = useToastsStore();
  const { t } = useI18n();
  const viewedId = shallowRef<string | null>(null);
  const forwarded = shallowRef<ThreadMessage | null>(null);
  const viewable = computed(() =>
    messages.value.filter(({ type, media }) => (type === 'image' || type === 'video') && media?.state === 'ready'),
  );

  async function orTell(act: Promise<unknown>, key: string): Promise<void> {
    try {
      await act;
    } catch (error) {
      toasts.show({ tone: 'error', title: t(key, { reason: errorText(error) }) });
    }
  }

  provide(threadActs, {
    openViewer: ({ id }) => (viewedId.value = id),
    forward: (message) => (forwarded.value = message),
    retryFile: ({ media }) => {
      if (media?.id) void orTell(entities.api.retryFile(media.id), 'media.retryFailed');
    },
    react: ({ id: messageId }, emoji) => {
      const request = { clientMessageId: randomUuid(), type: 'reaction' as const, reaction: { messageId, emoji } };
      void orTell(entities.api.send(conversationId.value, request), 'media.react.failed');
    },
    revisionsOf:
      session.agent === null || session.agent.role === 'agent'
        ? null
        : async ({ id: messageId }) => (await entities.api.revisions(conversationId.value, messageId)).items,
    following: ({ id }) => {
      const index = messages.value.findIndex((message) => message.id === id);
      return index < 0 ? null : (messages.value[index + 1] ?? null);
    },
    rawOf: session.agent?.role === 'admin' ? ({ id }) => entities.api.rawMessage(conversationId.value, id) : null,
  });
  watch(conversationId, () => (viewedId.value = forwarded.value = null));

  return { viewedId, viewable, forwarded };
}

import { computed, type Ref } from 'vue';
import { shownName } from '../../../shared/shown-name.js';
import { useSessionStore } from '../../auth/session.store.js';
import type { useThread } from './use-thread.js';

/** What `MessageThread` shows of an open thread, wherever it stands. */
export function useThreadProps(conversationId: Readonly<Ref<string>>, thread: ReturnType<typeof useThread>) {
  const session = useSessionStore();
  return computed(() => ({
    conversationId: conversationId.value,
    messages: thread.messages.value,
    timeline: thread.timeline.value,
    notes: thread.notes.value,
    contactName: thread.conversation.value ? shownName(thread.conversation.value.contact) : '',
    isGroup: thread.conversation.value?.kind === 'group',
    state: thread.state.value,
    hasOlder: thread.hasOlder.value,
    loadingOlder: thread.loadingOlder.value,
    errorCode: thread.errorCode.value,
    currentAgentId: session.agent?.id ?? '',
  }));
}

import type { ErrorCode } from '@parley/contract';
import { useDocumentVisibility } from '@vueuse/core';
import { computed, shallowRef, watch, type Ref } from 'vue';
import { afterPaint } from '../../../shared/after-paint.js';
import { toErrorCode, type TransportCode } from '../../../shared/api-error.js';
import { useSessionStore } from '../../auth/session.store.js';
import type { LoadState, ThreadMessage } from '../components/types.js';
import { useEntitiesStore } from '../entities.store.js';
import { toThreadMessage, type OutboxEntry } from '../model/outbox-entry.js';
import { useOutboxStore } from '../outbox.store.js';

/**
 * One open thread: its conversation, its messages with those still on their way, and how far this agent has read. A `silent`
 * look moves no read cursor and sends the customer no ticks.
 */
export function useThread(conversationId: Readonly<Ref<string>>, { silent = false } = {}) {
  const entities = useEntitiesStore();
  const outbox = useOutboxStore();
  const session = useSessionStore();
  const visibility = useDocumentVisibility();
  const errorCode = shallowRef<ErrorCode | TransportCode | null>(null);
  const loadingOlder = shallowRef(false);
  const firstUnreadSeq = shallowRef<number | null>(null);
  /** The highest `seq` that was on the screen with the agent looking. */
  const seenSeq = shallowRef(0);
  let markedSeq = 0;
  /** How often it had been marked as unread when it was opened: marked so since, it stays unread until it is opened anew. */
  let openedAt: number | undefined;
  /** The end came into sight while nobody looked at this tab. */
  let isEndWaiting = false;

  const conversation = computed(() => entities.conversation(conversationId.value) ?? null);
  const log = computed(() => {
    const thread = entities.thread(conversationId.value);
    return { thread, isLoaded: thread?.isLoaded === true };
  });
  const heldThroughSeq = computed(() => log.value.thread?.heldThroughSeq ?? 0);
  const messages = computed<readonly ThreadMessage[]>(() => {
    // What is pushed while the first page is on its way is not the end of the thread yet.
    const all = log.value.isLoaded ? (log.value.thread?.messages ?? []) : [];
    // A reaction of ours has its turn in the order, but no bubble.
    const confirmed = all.some(({ type }) => type === 'reaction') ? all.filter(({ type }) => type !== 'reaction') : all;
    const waiting = outbox.of(conversationId.value);
    if (waiting.length === 0 || !session.agent) return confirmed;
    const agent = session.agent;
    const isConfirmed = ({ clientMessageId: id }: OutboxEntry) =>
      confirmed.some(({ clientMessageId }) => clientMessageId === id);
    return [
      ...confirmed,
      ...waiting.filter((entry) => !isConfirmed(entry)).map((entry) => toThreadMessage(entry, agent)),
    ];
  });
  const state = computed<LoadState>(() => {
    if (log.value.isLoaded && conversation.value) return 'ready';
    return errorCode.value === null ? 'loading' : 'error';
  });

  /** Where the divider stands: fixed while the thread is open, or it would run away from the reader. */
  function placeUnreadDivider(): void {
    const { unreadCount = 0, readSeq = 0 } = conversation.value ?? {};
    const isUnread = ({ direction, seq }: ThreadMessage): boolean => direction === 'inbound' && seq > readSeq;
    firstUnreadSeq.value = unreadCount > 0 ? (log.value.thread?.messages.find(isUnread)?.seq ?? null) : null;
  }

  async function load(): Promise<void> {
    const id = conversationId.value;
    errorCode.value = null;
    try {
      await Promise.all([
        entities.openThread(id),
        entities.conversation(id) === undefined ? entities.fetchConversation(id) : undefined,
      ]);
    } catch (error) {
      if (id === conversationId.value) errorCode.value = toErrorCode(error);
    }
  }

  async function loadOlder(): Promise<void> {
    if (loadingOlder.value) return;
    loadingOlder.value = true;
    try {
      await entities.loadOlder(conversationId.value);
    } catch {
      // The reader scrolls again, or the connection comes back: either asks again.
    } finally {
      loadingOlder.value = false;
    }
  }

  /** The end of the thread is on the screen: what stands there counts as seen, and as read. */
  function seenEnd(): void {
    isEndWaiting = visibility.value !== 'visible';
    if (isEndWaiting) return;
    seenSeq.value = Math.max(seenSeq.value, heldThroughSeq.value);
    const id = conversationId.value;
    afterPaint(() => id === conversationId.value && void markRead());
  }

  /** Moves this agent's read cursor to the newest message. `again` asks for the customer's ticks once more. */
  async function markRead(again = false): Promise<void> {
    const id = conversationId.value;
    // A thread may be open before the first page of it is there.
    const newest = log.value.thread?.newest;
    if (silent || !newest || (!again && newest.seq <= markedSeq)) return;
    const before = markedSeq;
    markedSeq = newest.seq;
    // Who answers has read it, whatever they said of it before.
    const isAnswer = !again && newest.sender.id === session.agent?.id;
    if (isAnswer || openedAt === undefined) openedAt = conversation.value?.readRewinds;
    try {
      await entities.api.markRead(id, newest.id, openedAt);
    } catch {
      if (id === conversationId.value) markedSeq = before;
    }
  }

  /** Opened anew while it is open: whatever was marked as unread meanwhile is read. */
  function lookAgain(): void {
    openedAt = conversation.value?.readRewinds;
    void markRead(true);
  }

  watch(
    conversationId,
    () => {
      seenSeq.value = 0;
      markedSeq = 0;
      openedAt = conversation.value?.readRewinds;
      isEndWaiting = false;
      placeUnreadDivider();
      void load();
    },
    { immediate: true },
  );
  watch(state, (now) => now === 'ready' && placeUnreadDivider(), { flush: 'sync' });
  watch(visibility, (now) => now === 'visible' && isEndWaiting && seenEnd());
  // Dropped by a reset, a merge or a loss of access: asked for again, and the server says what is left to see.
  watch(
    () => log.value.thread,
    (thread) => {
      if (thread === undefined && errorCode.value === null) void load();
    },
  );
  watch(
    () => conversation.value?.assignee?.id === session.agent?.id,
    (isMine, wasMine) => {
      if (isMine && !wasMine && log.value.isLoaded && visibility.value === 'visible') void markRead(true);
    },
  );

  return {
    conversation,
    messages,
    timeline: computed(() => log.value.thread?.timeline ?? []),
    notes: computed(() => log.value.thread?.notes ?? []),
    state,
    errorCode,
    hasOlder: computed(() => (log.value.thread?.nextOlder ?? null) !== null),
    loadingOlder,
    firstUnreadSeq,
    heldThroughSeq,
    seenSeq,
    load,
    loadOlder,
    seenEnd,
    lookAgain,
  };
}

import type { ErrorCode, Notification, NotificationList, ReadNotifications } from '@parley/contract';
import { refDebounced, useThrottleFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { toErrorCode, type TransportCode } from '../../shared/api-error.js';
import { useSessionStore } from '../auth/session.store.js';
import { useEntitiesStore } from '../inbox/entities.store.js';
import { notificationsApi } from './notifications.api.js';

/** However much comes, the list is asked for at most this often. */
const REFRESH_MS = 1_000;
/** What comes for the thread on the screen is read at once: the bell does not blink for it. */
const SHOWN_AFTER_MS = 400;

/** What this agent was told of: the count always, the list from when somebody wanted it. The server knows better. */
export const useNotificationsStore = defineStore('notifications', () => {
  const entities = useEntitiesStore();
  const api = notificationsApi(useSessionStore().http);
  const unreadCount = shallowRef(0);
  const items = shallowRef<readonly Notification[]>([]);
  const nextCursor = shallowRef<string | null>(null);
  const isLoaded = shallowRef(false);
  const isLoading = shallowRef(false);
  const errorCode = shallowRef<ErrorCode | TransportCode | null>(null);
  /** Somebody looks at the list. */
  const isOpen = shallowRef(false);
  /** Moves with every question: an older answer is not taken. */
  let asked = 0;
  /** Moves with everything that was pushed: an answer from before it does not know the count. */
  let pushed = 0;

  async function ask(cursor: string | null, take: (answer: NotificationList) => void): Promise<void> {
    const [turn, state] = [++asked, pushed];
    isLoading.value = true;
    try {
      const answer = await api.list(cursor);
      if (turn !== asked) return;
      take(answer);
      errorCode.value = null;
      if (state === pushed) unreadCount.value = answer.unreadCount;
    } catch (error) {
      if (turn === asked) errorCode.value = toErrorCode(error);
    } finally {
      if (turn === asked) isLoading.value = false;
    }
  }

  /** The newest page; what stood below it is asked for again when it is wanted. */
  const load = (): Promise<void> =>
    ask(null, (answer) => {
      items.value = answer.items;
      nextCursor.value = answer.nextCursor;
      isLoaded.value = true;
    });
  const refresh = useThrottleFn(load, REFRESH_MS, true, true);

  async function loadOlder(): Promise<void> {
    if (nextCursor.value === null || isLoading.value) return;
    await ask(nextCursor.value, (answer) => {
      const known = new Set(items.value.map(({ id }) => id));
      items.value = [...items.value, ...answer.items.filter(({ id }) => !known.has(id))];
      nextCursor.value = answer.nextCursor;
    });
  }

  /** Marks as read, on the screen at once; a failure puts back what the server says. */
  async function read(choice: ReadNotifications): Promise<void> {
    const isChosen = ({ id, conversation, at }: Notification): boolean => {
      if ('id' in choice) return id === choice.id;
      return 'upTo' in choice ? at <= choice.upTo : conversation.id === choice.conversationId;
    };
    const readAt = new Date().toISOString();
    items.value = items.value.map((one) => (one.readAt === null && isChosen(one) ? { ...one, readAt } : one));
    const state = pushed;
    try {
      const answer = await api.read(choice);
      if (state === pushed) unreadCount.value = answer.unreadCount;
    } catch {
      await refresh();
    }
  }

  const readThread = async (conversationId: string): Promise<void> => {
    if (unreadCount.value > 0) await read({ conversationId });
  };
  async function readAll(): Promise<void> {
    const upTo = items.value[0]?.at;
    if (upTo !== undefined) await read({ upTo });
  }

  entities.onEvent(({ type, payload }) => {
    if (type !== 'notifications:updated') return;
    pushed += 1;
    unreadCount.value = payload.unreadCount;
    if (isOpen.value) void refresh();
  });

  function clear(): void {
    asked += 1;
    unreadCount.value = 0;
    items.value = [];
    nextCursor.value = null;
    isLoaded.value = false;
    errorCode.value = null;
  }

  return {
    unreadCount,
    shownCount: refDebounced(unreadCount, SHOWN_AFTER_MS),
    items,
    hasOlder: computed(() => nextCursor.value !== null),
    isLoaded,
    isLoading,
    errorCode,
    isOpen,
    load,
    loadOlder,
    read,
    readThread,
    readAll,
    clear,
  };
});

import type { Conversation, MessageList } from '@parley/contract';
import { tryOnScopeDispose } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, markRaw, shallowReactive, shallowRef } from 'vue';
import { bindRealtime, type RealtimeHandle } from '../../realtime/bind-realtime.js';
import { useConnectionStore } from '../../realtime/connection.store.js';
import { SyncClient, type DurableEvent } from '../../realtime/sync-client.js';
import { ApiError } from '../../shared/api-error.js';
import { useSessionStore } from '../auth/session.store.js';
import { inboxApi } from './inbox.api.js';
import { InboxState } from './model/inbox-state.js';
import type { ThreadLog } from './model/thread-log.js';

/** A missing predecessor is most often on its way: events of one second may come in any order. */
const GAP_PATIENCE_MS = 400;
const RETRY_MS = 3_000;
const NOTICE_MS = 6_000;
/** Threads kept whole in memory after they were left. */
const THREADS_KEPT = 30;

export interface MergeNotice {
  from: string;
  into: string;
}

/** Conversations and threads by id, fed by answers and by the stream; whatever shows them reads them here. */
export const useEntitiesStore = defineStore('entities', () => {
  const api = inboxApi(useSessionStore().http);
  const connection = useConnectionStore();
  const conversationsMoved = shallowRef(0);
  const notices = shallowReactive(new Map<string, string>());
  const threadMoved = shallowReactive(new Map<string, number>());
  /** Moves when everything has to be loaded anew. */
  const resets = shallowRef(0);
  const lastMerge = shallowRef<MergeNotice | null>(null);
  /** Other stores that follow the same stream. */
  const listeners = new Set<(event: DurableEvent) => void>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  let realtime: RealtimeHandle | null = null;

  const state = new InboxState({
    conversationsChanged: () => (conversationsMoved.value += 1),
    threadChanged: touchThread,
    gapFound: (id) => later(`gap ${id}`, GAP_PATIENCE_MS, () => fillGap(id)),
    merged: (from, into) => (lastMerge.value = { from, into }),
    unreadUnknown: (id) => later(`unread ${id}`, 0, () => fetchConversation(id)),
  });
  const sync = new SyncClient({
    apply: (event) => {
      state.apply(event);
      for (const listener of listeners) listener(event);
    },
    reset: () => {
      state.reset();
      for (const id of threadMoved.keys()) touchThread(id);
      resets.value += 1;
    },
    unanswered: () => realtime?.reconnect(),
    stateChanged: (next) => connection.set(next),
  });

  function touchThread(id: string): void {
    threadMoved.set(id, (threadMoved.get(id) ?? 0) + 1);
  }

  /** Does something once, a little later, and again after a pause as long as it fails for want of an answer. */
  function later(key: string, delayMs: number, task: () => Promise<unknown>): void {
    if (timers.has(key)) return;
    const run = async (): Promise<void> => {
      timers.delete(key);
      try {
        await task();
      } catch (error) {
        if (error instanceof ApiError && error.isTransient) later(key, RETRY_MS, task);
      }
    };
    timers.set(
      key,
      setTimeout(() => void run(), delayMs),
    );
  }

  async function fillGap(id: string): Promise<void> {
    const log = state.thread(id);
    if (!log?.hasGap) return;
    await log.refill((before) => api.messages(id, before));
    touchThread(id);
  }

  function take(conversation: Conversation): void {
    if (state.conversations.apply(conversation)) conversationsMoved.value += 1;
  }

  const takeIf = (conversation: Conversation | null): void => {
    if (conversation) take(conversation);
  };

  /** Runs a request whose answer is the conversation's new state. */
  async function change(request: () => Promise<Conversation>): Promise<Conversation> {
    const conversation = await changeIf(request);
    if (!conversation) throw new ApiError('network', 0);
    return conversation;
  }

  async function changeIf(request: () => Promise<Conversation | null>): Promise<Conversation | null> {
    const answered: (Conversation | null)[] = [];
    await sync.load(async () => {
      const conversation = await request();
      answered.push(conversation);
      return conversation;
    }, takeIf);
    return answered[0] ?? null;
  }

  /** Shows the hoped-for outcome of a request until it has one. */
  async function hoping<Result>(id: string, hope: Partial<Conversation>, run: () => Promise<Result>): Promise<Result> {
    const show = (change: Partial<Conversation> | null) => {
      state.conversations.hope(id, change);
      conversationsMoved.value += 1;
    };
    show(hope);
    try {
      return await run();
    } finally {
      show(null);
    }
  }

  /** Says something in a conversation's row for a moment. */
  function notice(id: string, text: string): void {
    notices.set(id, text);
    clearTimeout(timers.get(`notice ${id}`));
    timers.set(
      `notice ${id}`,
      setTimeout(() => notices.delete(id), NOTICE_MS),
    );
  }

  const fetchConversation = (id: string) => sync.load(() => api.conversation(id), take);

  async function openThread(id: string): Promise<void> {
    if (state.thread(id)) {
      state.openThread(id);
      return;
    }
    const log: ThreadLog = state.openThread(id);
    state.trimThreads(THREADS_KEPT);
    try {
      const load = () => api.messages(id, null);
      const applied = await sync.loadList<MessageList>(load, (page) => state.applyFirstPage(id, log, page));
      if (!applied) state.dropThread(id, log);
    } catch (error) {
      state.dropThread(id, log);
      throw error;
    } finally {
      touchThread(id);
    }
  }

  async function loadOlder(id: string): Promise<void> {
    const log = state.thread(id);
    const before = log?.nextOlder;
    if (!log || !before) return;
    const request = () => api.messages(id, before);
    await sync.load(request, (page) => log.nextOlder === before && log.applyOlder(page));
    touchThread(id);
  }

  function start(): void {
    realtime ??= bindRealtime(sync, () => sync.loadList(api.counts, () => undefined));
  }

  /** Signed out: nothing of the session stays in memory. */
  function stop(): void {
    realtime?.stop();
    realtime = null;
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    sync.forget();
    state.reset();
  }

  return {
    api: markRaw(api),
    resets,
    lastMerge,
    /** All known conversations, in no order. */
    conversations: computed(() => (void conversationsMoved.value, state.conversations.values())),
    conversation: (id: string) => (void conversationsMoved.value, state.conversations.get(id)),
    /** The log of an opened thread; read it again when it moves. */
    thread: (id: string) => (void threadMoved.get(id), state.thread(id)),
    take,
    change,
    changeIf,
    hoping,
    notices,
    notice,
    /** Follows the stream; in a component until it is gone. */
    onEvent: (listener: (event: DurableEvent) => void): void => {
      listeners.add(listener);
      tryOnScopeDispose(() => listeners.delete(listener));
    },
    applyEvent: (event: Parameters<InboxState['apply']>[0]) => state.apply(event),
    fetchConversation,
    loadList: sync.loadList.bind(sync),
    load: sync.load.bind(sync),
    openThread,
    loadOlder,
    start,
    stop,
    look: (id: string | null) => realtime?.look(id),
    type: (id: string, on: boolean) => realtime?.type(id, on),
  };
});

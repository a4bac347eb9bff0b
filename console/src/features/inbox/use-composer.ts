import type { Conversation, Quote } from '@parley/contract';
import { useDebounceFn } from '@vueuse/core';
import { computed, shallowRef, watch, type Ref } from 'vue';
import { useSessionStore } from '../auth/session.store.js';
import type { StaleGuard, ThreadMessage } from './components/types.js';
import { useDraftsStore } from './drafts.store.js';
import { useEntitiesStore } from './entities.store.js';
import { useOutboxStore } from './outbox.store.js';

const TYPING_EVERY_MS = 4_000;
/** Who stopped pressing keys for this long is thinking, not typing. */
const TYPING_PAUSE_MS = 6_000;
const PREVIEW_CHARS = 200;

const quoteOf = (message: ThreadMessage): Quote => ({
  messageId: message.id,
  wamid: message.wamid,
  sender: message.sender,
  type: message.type,
  preview: (message.text?.body ?? message.media?.caption ?? message.interactive?.title ?? '').slice(0, PREVIEW_CHARS),
});

interface ThreadProgress {
  conversation: Readonly<Ref<Conversation | null>>;
  messages: Readonly<Ref<readonly ThreadMessage[]>>;
  heldThroughSeq: Readonly<Ref<number>>;
  /** Up to where the agent has had the messages on the screen. */
  seenSeq: Readonly<Ref<number>>;
}

/** The reply of one thread: its draft, what it quotes, and the guard against talking past something new. */
export function useComposer(conversationId: Readonly<Ref<string>>, thread: ThreadProgress) {
  const entities = useEntitiesStore();
  const outbox = useOutboxStore();
  const drafts = useDraftsStore();
  const session = useSessionStore();
  const replyTo = shallowRef<ThreadMessage | null>(null);
  /** Messages that came in unseen when Send was pressed. */
  const unseenCount = shallowRef(0);
  let typingSince = 0;

  const draft = computed({
    get: () => drafts.draftOf(conversationId.value),
    set: (text: string) => drafts.write(conversationId.value, text),
  });
  const held = computed(() => outbox.held.get(conversationId.value) ?? null);
  const stale = computed<StaleGuard | null>(() => {
    const newCount = held.value?.newCount ?? unseenCount.value;
    return newCount > 0 ? { newCount } : null;
  });

  /** What others wrote below the part of the thread that was on the screen. */
  function countUnseen(): number {
    return thread.messages.value.filter(
      ({ seq, direction, sender }) =>
        seq > thread.seenSeq.value &&
        (direction === 'inbound' || (sender.type === 'agent' && sender.id !== session.agent?.id)),
    ).length;
  }

  function post(): void {
    const body = draft.value.trim();
    if (body === '') return;
    const basedOn = Math.max(thread.heldThroughSeq.value, held.value?.basedOn ?? 0);
    const quote = replyTo.value && quoteOf(replyTo.value);
    outbox.send(conversationId.value, { body, quote, basedOn, clientMessageId: held.value?.clientMessageId });
    draft.value = '';
    replyTo.value = null;
    unseenCount.value = 0;
    setTyping(false);
  }

  /** Sends, unless something new stands below the screen: then the guard asks first. Returns whether it went out. */
  function send(): boolean {
    unseenCount.value = countUnseen();
    if (unseenCount.value > 0) return false;
    post();
    return true;
  }

  /** The agent has looked: what is new is seen, and the guard is gone. */
  function reviewed(): void {
    unseenCount.value = 0;
    outbox.setHeld(conversationId.value, null);
  }

  const stopTyping = useDebounceFn(() => setTyping(false), TYPING_PAUSE_MS);

  function setTyping(on: boolean): void {
    const now = Date.now();
    if (on && now - typingSince < TYPING_EVERY_MS) return;
    if (!on && typingSince === 0) return;
    typingSince = on ? now : 0;
    if (on) void stopTyping();
    entities.type(conversationId.value, on);
  }

  watch(conversationId, (_id, previous) => {
    if (typingSince > 0) entities.type(previous, false);
    typingSince = 0;
    replyTo.value = null;
    unseenCount.value = 0;
  });
  watch(thread.seenSeq, (seen) => {
    if (seen > 0 && unseenCount.value > 0 && countUnseen() === 0) unseenCount.value = 0;
  });

  return { draft, replyTo, stale, send, sendAnyway: post, reviewed, setTyping };
}

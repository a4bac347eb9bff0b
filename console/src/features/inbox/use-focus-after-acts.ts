import type { Conversation } from '@parley/contract';
import { nextTick, type Ref } from 'vue';
import { useRouter } from 'vue-router';
import type { ConversationActs, InboxView } from './components/types.js';
import { inboxPath } from './inbox-path.js';
import type { useConversationActs } from './use-conversation-acts.js';

interface Desk {
  /** What the room shows; its fields change. */
  place: Readonly<{ view: InboxView; conversationId: string | null }>;
  conversation: Readonly<Ref<Conversation | null>>;
  acts: Readonly<Ref<ConversationActs>>;
  act: Pick<ReturnType<typeof useConversationActs>, 'claim' | 'takeOver' | 'next' | 'markUnread'>;
  list: Readonly<
    Ref<{ neighbourOf(id: string | null, step: 1 | -1): string | null; focusRow(id?: string): void } | null>
  >;
  thread: Readonly<Ref<{ focusComposer(): void } | null>>;
  open: (id: string) => Promise<unknown>;
}

/** Where the focus goes after each act of the room, so that the next one needs no pointer. */
export function useFocusAfterActs({ place, conversation, acts, act, list, thread, open }: Desk) {
  const router = useRouter();

  const isFocusInList = (): boolean => document.activeElement?.closest('#list') != null;

  /** Whoever has begun to write while the server was asked is left where they write. */
  function watchForWriting(): () => boolean {
    const before = document.activeElement;
    return () => document.activeElement !== before && document.activeElement?.matches('input, textarea') === true;
  }

  async function backToList(): Promise<void> {
    const { conversationId } = place;
    await router.push(inboxPath(place.view));
    await nextTick();
    list.value?.focusRow(conversationId ?? undefined);
  }

  /** Runs an act after which the row may leave the queue: the focus goes where the work goes on. */
  async function andMoveOn(run: () => Promise<boolean>, openNext: boolean): Promise<void> {
    const { conversationId } = place;
    const isWriting = watchForWriting();
    const next = list.value?.neighbourOf(conversationId, 1) ?? list.value?.neighbourOf(conversationId, -1) ?? null;
    if (!(await run())) return;
    await nextTick();
    if (isWriting()) return;
    if (openNext && next !== null) await open(next);
    if (next !== null) list.value?.focusRow(next);
  }

  /** Takes the conversation, from the queue, the bot or a colleague; a reply is what comes next. */
  async function take(): Promise<void> {
    const wasInList = isFocusInList();
    const isWriting = watchForWriting();
    const next = list.value?.neighbourOf(place.conversationId, 1) ?? undefined;
    if (!(await (acts.value.takeOver ? act.takeOver() : act.claim()))) return;
    await nextTick();
    if (isWriting()) return;
    if (wasInList) list.value?.focusRow(next);
    else thread.value?.focusComposer();
  }

  /** The server hands out the next of the queue; it opens, ready for the reply. */
  async function takeNext(): Promise<void> {
    const id = await act.next();
    if (id === null) return;
    await router.push(inboxPath(place.view === 'unassigned' ? 'mine' : place.view, id));
    await nextTick();
    thread.value?.focusComposer();
  }

  /** As if it had not been opened: the thread is left, and stays unread until it is opened anew. */
  function leaveUnread(): void {
    if (!conversation.value?.inboundCount) return;
    void act.markUnread();
    void backToList();
  }

  /** To the row above or below, and opens it. */
  function step(by: 1 | -1): void {
    const id = list.value?.neighbourOf(place.conversationId, by);
    if (!id) return;
    void open(id).then(() => list.value?.focusRow(id));
  }

  return { backToList, andMoveOn, take, takeNext, leaveUnread, step };
}

import { watch, type Ref } from 'vue';
import type { useThread } from './use-thread.js';

interface Jumps {
  conversationId: Readonly<Ref<string>>;
  thread: ReturnType<typeof useThread>;
  /** Message or note that the address names, to be shown once the thread is there. */
  wanted: () => string | null | undefined;
  jumpTo: (messageId: string) => Promise<unknown> | undefined;
  jumped: () => void;
}

/** Ways to a message of the open thread: the one that the address names, and one that stands further up than what is loaded. */
export function useJumps({ conversationId, thread, wanted, jumpTo, jumped }: Jumps) {
  /** Loads towards a quoted message, then shows it. */
  async function jumpToMissing(messageId: string): Promise<void> {
    const id = conversationId.value;
    while (thread.hasOlder.value && id === conversationId.value) {
      const before = thread.messages.value.length;
      await thread.loadOlder();
      if (thread.messages.value.some((message) => message.id === messageId)) {
        await jumpTo(messageId);
        return;
      }
      // Without a connection nothing came: the reader may try again.
      if (thread.messages.value.length === before) return;
    }
  }

  watch(
    [wanted, () => thread.state.value === 'ready'],
    async ([messageId, isReady]) => {
      if (!messageId || !isReady) return;
      await jumpTo(messageId);
      jumped();
    },
    { immediate: true, flush: 'post' },
  );
  return { jumpToMissing };
}

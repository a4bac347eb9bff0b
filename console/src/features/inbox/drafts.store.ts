import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { useSessionStore } from '../auth/session.store.js';

/** Unsent words per conversation, kept in this browser until they are sent, for the agent who wrote them. */
export const useDraftsStore = defineStore('drafts', () => {
  const session = useSessionStore();
  const byKey = useLocalStorage<Record<string, string>>('parley.drafts', {}, { shallow: true });
  const keyOf = (conversationId: string): string => `${session.agent?.id ?? ''}:${conversationId}`;

  const draftOf = (conversationId: string): string => byKey.value[keyOf(conversationId)] ?? '';

  function write(conversationId: string, text: string): void {
    const { [keyOf(conversationId)]: _previous, ...others } = byKey.value;
    byKey.value = text === '' ? others : { ...others, [keyOf(conversationId)]: text };
  }

  /** Puts words that were not sent back before whatever was written since. */
  function giveBack(conversationId: string, text: string): void {
    const written = draftOf(conversationId);
    write(conversationId, written === '' ? text : `${text}\n${written}`);
  }

  return { byKey, draftOf, write, giveBack };
});

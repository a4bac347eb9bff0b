import type { Person, PresenceUpdate, TypingUpdate, ViewersUpdate } from '@parley/contract';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

const none: readonly Person[] = [];

/** Who is here, who looks at what, who types where. All of it volatile: gone with the connection. */
export const usePresenceStore = defineStore('presence', () => {
  const online = shallowRef<ReadonlySet<string>>(new Set());
  const viewers = shallowRef<ReadonlyMap<string, readonly Person[]>>(new Map());
  const typing = shallowRef<ReadonlyMap<string, readonly Person[]>>(new Map());

  const withEntry = (map: ReadonlyMap<string, readonly Person[]>, id: string, people: readonly Person[]) => {
    const next = new Map(map);
    if (people.length > 0) next.set(id, people);
    else next.delete(id);
    return next;
  };

  function applyOnline(update: PresenceUpdate): void {
    online.value = new Set(update.online.map(({ id }) => id));
  }
  function applyViewers({ conversationId, agents }: ViewersUpdate): void {
    viewers.value = withEntry(viewers.value, conversationId, agents);
  }
  function applyTyping({ conversationId, agents }: TypingUpdate): void {
    typing.value = withEntry(typing.value, conversationId, agents);
  }
  function clear(): void {
    online.value = new Set();
    viewers.value = new Map();
    typing.value = new Map();
  }

  const viewersOf = (id: string): readonly Person[] => viewers.value.get(id) ?? none;
  const typingOf = (id: string): readonly Person[] => typing.value.get(id) ?? none;

  return { online, viewers, typing, viewersOf, typingOf, applyOnline, applyViewers, applyTyping, clear };
});

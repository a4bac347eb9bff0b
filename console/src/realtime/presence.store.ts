import type { Person, PresenceUpdate, PresentAgent, TypingUpdate, ViewersUpdate } from '@parley/contract';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

const none: readonly PresentAgent[] = [];

/** Who is here, who looks at what, who types where. All of it volatile: gone with the connection. */
export const usePresenceStore = defineStore('presence', () => {
  const online = shallowRef<ReadonlySet<string>>(new Set());
  /** Who of them has no visible tab. */
  const idle = shallowRef<ReadonlySet<string>>(new Set());
  const viewers = shallowRef<ReadonlyMap<string, readonly PresentAgent[]>>(new Map());
  const typing = shallowRef<ReadonlyMap<string, readonly Person[]>>(new Map());

  const withEntry = <One>(map: ReadonlyMap<string, readonly One[]>, id: string, people: readonly One[]) => {
    const next = new Map(map);
    if (people.length > 0) next.set(id, people);
    else next.delete(id);
    return next;
  };

  function applyOnline(update: PresenceUpdate): void {
    online.value = new Set(update.online.map(({ id }) => id));
    idle.value = new Set(update.online.filter((agent) => agent.idle).map(({ id }) => id));
  }
  function applyViewers({ conversationId, agents }: ViewersUpdate): void {
    viewers.value = withEntry(viewers.value, conversationId, agents);
  }
  function applyTyping({ conversationId, agents }: TypingUpdate): void {
    typing.value = withEntry(typing.value, conversationId, agents);
  }
  function clear(): void {
    online.value = new Set();
    idle.value = new Set();
    viewers.value = new Map();
    typing.value = new Map();
  }

  const viewersOf = (id: string): readonly PresentAgent[] => viewers.value.get(id) ?? none;
  const typingOf = (id: string): readonly Person[] => typing.value.get(id) ?? none;

  /** Who has a thread open, with who of them writes in it. */
  function watchersOf(id: string): (PresentAgent & { typing: boolean })[] {
    const typists = new Set(typingOf(id).map((person) => person.id));
    return viewersOf(id).map((person) => ({ ...person, typing: typists.has(person.id) }));
  }

  return { online, idle, viewers, typing, watchersOf, typingOf, applyOnline, applyViewers, applyTyping, clear };
});

import type { Draft, DraftMode } from '@parley/contract';
import { useEventListener } from '@vueuse/core';
import { stored } from '../../shared/stored.js';
import { defineStore } from 'pinia';
import { ApiError } from '../../shared/api-error.js';
import { useSessionStore } from '../auth/session.store.js';
import { useEntitiesStore } from './entities.store.js';

/** What this browser knows of one draft. */
interface LocalDraft {
  body: string;
  /** `rev` of the server's copy that `body` was written on top of; 0 = there was none. */
  rev: number;
  /** Written here since the server last had it. */
  dirty: boolean;
}

const SAVE_AFTER_MS = 800;
/** What was sent or thrown away must not be found elsewhere a second later; the frame that shows it comes first. */
const CLEAR_AFTER_MS = 100;
const RETRY_MS = 5_000;
const NONE: LocalDraft = { body: '', rev: 0, dirty: false };

/**
 * Unsent words per conversation and mode: here at once, on the server soon, in the agent's other browsers a moment
 * later. Saves of one draft go one after another on top of the `rev` before, so that a late one changes nothing.
 */
export const useDraftsStore = defineStore('drafts', () => {
  const session = useSessionStore();
  const entities = useEntitiesStore();
  const byKey = stored<Record<string, LocalDraft>>('parley.drafts.2', {});
  const saving = new Set<string>();
  /** What this tab itself wrote last. */
  const writtenHere = new Map<string, string>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const keyOf = (id: string, mode: DraftMode): string => `${session.agent?.id ?? ''}:${id}:${mode}`;
  const localOf = (key: string): LocalDraft => byKey.value[key] ?? NONE;
  const draftOf = (id: string, mode: DraftMode = 'reply'): string => localOf(keyOf(id, mode)).body;

  /** Whether there are words from another browser or tab, or from before this page was loaded. */
  function isFromElsewhere(id: string, mode: DraftMode): boolean {
    const key = keyOf(id, mode);
    const { body } = localOf(key);
    return body !== '' && body !== writtenHere.get(key);
  }

  /** What this agent has written and not sent, by conversation: a reply before a note. */
  function written(): Map<string, string> {
    const mine = `${session.agent?.id ?? ''}:`;
    const texts = new Map<string, string>();
    for (const [key, { body }] of Object.entries(byKey.value)) {
      if (body === '' || !key.startsWith(mine)) continue;
      const [id = '', mode] = key.slice(mine.length).split(':');
      if (mode === 'reply' || !texts.has(id)) texts.set(id, body);
    }
    return texts;
  }

  function put(key: string, draft: LocalDraft): void {
    const { [key]: _before, ...others } = byKey.value;
    const isNothing = draft.body === '' && !draft.dirty && draft.rev === 0;
    byKey.value = isNothing ? others : { ...others, [key]: draft };
  }

  function write(id: string, text: string, mode: DraftMode = 'reply'): void {
    const key = keyOf(id, mode);
    const before = localOf(key);
    writtenHere.set(key, text);
    if (before.body === text) return;
    if (text === '' && before.rev === 0 && !saving.has(key)) {
      clearTimeout(timers.get(key));
      timers.delete(key);
      put(key, NONE);
      return;
    }
    put(key, { ...before, body: text, dirty: true });
    saveIn(key, id, mode, text === '' ? CLEAR_AFTER_MS : SAVE_AFTER_MS);
  }

  function saveIn(key: string, id: string, mode: DraftMode, delayMs: number): void {
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void save(key, id, mode), delayMs),
    );
  }

  async function save(key: string, id: string, mode: DraftMode): Promise<void> {
    timers.delete(key);
    const draft = localOf(key);
    if (!draft.dirty || saving.has(key)) return;
    saving.add(key);
    let retryInMs: number | null = 0;
    try {
      take(await entities.api.saveDraft(id, mode, draft.body, draft.rev), draft.body);
    } catch (error) {
      retryInMs = settle(key, error);
    } finally {
      saving.delete(key);
    }
    if (retryInMs !== null && localOf(key).dirty) saveIn(key, id, mode, retryInMs);
  }

  /** Another browser was faster: what is written here goes on top of it. Null = never try this again. */
  function settle(key: string, error: unknown): number | null {
    if (!(error instanceof ApiError)) return null;
    if (error.code === 'draft.changed') {
      const current = (error.problem?.draft ?? null) as Draft | null;
      const local = localOf(key);
      put(key, { ...local, rev: current?.rev ?? 0, dirty: local.body !== (current?.body ?? '') });
      return 0;
    }
    if (error.isTransient) return RETRY_MS;
    put(key, { ...localOf(key), dirty: false });
    return null;
  }

  /** The server's copy; words being written here are not taken away by it. `written` is what an answer stands for. */
  function take(draft: Draft, written?: string): void {
    const key = keyOf(draft.conversationId, draft.mode);
    const local = localOf(key);
    if (draft.rev <= local.rev && written === undefined) return;
    const rev = Math.max(draft.rev, local.rev);
    if (written !== undefined) put(key, { ...local, rev, dirty: local.body !== written });
    else if (local.dirty) put(key, { ...local, rev });
    else put(key, { body: draft.body, rev, dirty: false });
  }

  /** Asks for all; what is not among them is gone, unless it was written here. */
  async function load(): Promise<void> {
    const { items } = await entities.api.drafts();
    items.forEach((draft) => take(draft));
    const known = new Set(items.map(({ conversationId, mode }) => keyOf(conversationId, mode)));
    const prefix = `${session.agent?.id ?? ''}:`;
    for (const [key, draft] of Object.entries(byKey.value)) {
      if (!key.startsWith(prefix) || known.has(key)) continue;
      const [, id = '', mode = 'reply'] = key.split(':');
      if (draft.dirty) saveIn(key, id, mode as DraftMode, 0);
      else put(key, NONE);
    }
  }

  /** Puts words that were not sent back before whatever was written since. */
  function giveBack(id: string, text: string, mode: DraftMode = 'reply'): void {
    const written = draftOf(id, mode);
    write(id, written === '' ? text : `${text}\n${written}`, mode);
  }

  useEventListener(document, 'visibilitychange', () => {
    if (!document.hidden) return;
    for (const key of [...timers.keys()]) {
      const [, id = '', mode = 'reply'] = key.split(':');
      saveIn(key, id, mode as DraftMode, 0);
    }
  });
  entities.onEvent((event) => {
    if (event.type === 'draft:updated') take(event.payload);
  });

  return { byKey, draftOf, isFromElsewhere, written, write, giveBack, load };
});

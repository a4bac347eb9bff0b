import type { Message, Quote, SendMessage } from '@parley/contract';
import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { useConnectionStore } from '../../realtime/connection.store.js';
import { ApiError } from '../../shared/api-error.js';
import { errorText } from '../../shared/error-text.js';
import { randomUuid } from '../../shared/uuid.js';
import { useSessionStore } from '../auth/session.store.js';
import { contentOfMessage, requestOf, type OutboxContent, type OutboxEntry } from './model/outbox-entry.js';
import { useDraftsStore } from './drafts.store.js';
import { useEntitiesStore } from './entities.store.js';

/** Kept over a reload of this tab: what was said to go out by itself does. */
const STORAGE_KEY = 'parley.outbox';
/** Pauses between tries that got no answer; the last one repeats. */
const RETRY_DELAYS_MS = [1_000, 2_000, 5_000, 10_000] as const;

interface Kept {
  agentId: string | undefined;
  entries: OutboxEntry[];
}

export interface Reply {
  body: string;
  quote: Quote | null;
  basedOn: number;
  undoSeconds?: number;
  content?: OutboxContent;
  /** Given when words are sent that the server held back before: it knows their id. */
  clientMessageId?: string;
}

/** A reply that the server held because others had written meanwhile. */
export interface HeldReply {
  clientMessageId: string;
  /** Up to where everything is known now. */
  basedOn: number;
  newCount: number;
}

/**
 * Replies on their way to the server: shown at once, sent one after another per conversation, tried again with the
 * same id as long as nobody knows whether they arrived. What the server refuses is never shown as sent.
 */
export const useOutboxStore = defineStore('outbox', () => {
  const entities = useEntitiesStore();
  const drafts = useDraftsStore();
  const connection = useConnectionStore();
  const session = useSessionStore();
  const entries = shallowRef<readonly OutboxEntry[]>([]);
  const held = shallowRef<ReadonlyMap<string, HeldReply>>(new Map());
  const lastRefusal = shallowRef<{ conversationId: string; reason: string } | null>(null);
  const sending = new Set<string>();
  /** Who wants to know what becomes of an entry. */
  const waiting = new Map<string, (isTaken: boolean) => void>();
  const retries = new Map<string, ReturnType<typeof setTimeout>>();

  const of = (conversationId: string): readonly OutboxEntry[] =>
    entries.value.filter((entry) => entry.conversationId === conversationId);

  function change(clientMessageId: string, over: Partial<OutboxEntry>): void {
    entries.value = entries.value.map((entry) =>
      entry.clientMessageId === clientMessageId ? { ...entry, ...over } : entry,
    );
  }

  function remove(clientMessageId: string): void {
    entries.value = entries.value.filter((entry) => entry.clientMessageId !== clientMessageId);
  }

  function add(entry: Omit<OutboxEntry, 'createdAt' | 'state'>): void {
    const state = connection.state === 'offline' ? 'offline' : 'sending';
    entries.value = [...entries.value, { ...entry, createdAt: new Date().toISOString(), state }];
    void pump(entry.conversationId, 0);
  }

  /** The id of the new message; `whenTaken` says what becomes of it. */
  function send(conversationId: string, reply: Reply): string {
    setHeld(conversationId, null);
    const { body, quote, basedOn, undoSeconds, content, clientMessageId = randomUuid() } = reply;
    add({ clientMessageId, conversationId, body, quote, basedOn, undoSeconds, content, resendOf: null });
    return clientMessageId;
  }

  /** Resolves once the server has it (true), or will not take it as it is (false). */
  const whenTaken = (clientMessageId: string): Promise<boolean> =>
    new Promise((resolve) => waiting.set(clientMessageId, resolve));

  function tellWaiting(clientMessageId: string, isTaken: boolean): void {
    waiting.get(clientMessageId)?.(isTaken);
    waiting.delete(clientMessageId);
  }

  /** The same words again as a new message: for one that failed, or of which nobody knows for too long. */
  function sendAgain(message: Message, basedOn: number): void {
    const { conversationId, replyTo: quote } = message;
    const body = message.text?.body ?? '';
    const content = contentOfMessage(message);
    add({ clientMessageId: randomUuid(), conversationId, body, quote, basedOn, content, resendOf: message.id });
  }

  function retry(clientMessageId: string): void {
    const entry = entries.value.find((known) => known.clientMessageId === clientMessageId);
    if (!entry) return;
    change(clientMessageId, { state: 'sending', reason: undefined });
    void pump(entry.conversationId, 0);
  }

  function post(entry: OutboxEntry): Promise<Message> {
    const { conversationId, clientMessageId, basedOn, resendOf, quote, undoSeconds } = entry;
    if (resendOf !== null) return entities.api.resend(conversationId, resendOf, { clientMessageId, basedOn });
    const replyTo = quote?.messageId ?? null;
    return entities.api.send(conversationId, {
      clientMessageId,
      ...requestOf(entry),
      replyTo,
      basedOn,
      ...(undoSeconds ? { undoSeconds } : {}),
    } as SendMessage);
  }

  /** Sends what waits, oldest first; the next one only after the server has the one before. */
  async function pump(conversationId: string, attempt: number): Promise<void> {
    if (sending.has(conversationId)) return;
    clearTimeout(retries.get(conversationId));
    const entry = of(conversationId).find(({ state }) => state === 'sending' || state === 'offline');
    if (!entry) return;
    sending.add(conversationId);
    let nextAttempt = 0;
    try {
      change(entry.clientMessageId, { state: attempt === 0 && connection.state !== 'offline' ? 'sending' : 'offline' });
      const message = await post(entry);
      entities.applyEvent({ type: 'message:created', payload: message });
      remove(entry.clientMessageId);
      tellWaiting(entry.clientMessageId, true);
    } catch (error) {
      if (error instanceof ApiError && error.isTransient) nextAttempt = attempt + 1;
      else refuse(entry, error);
    } finally {
      sending.delete(conversationId);
    }
    if (nextAttempt === 0) return pump(conversationId, 0);
    change(entry.clientMessageId, { state: 'offline' });
    const delayMs = RETRY_DELAYS_MS[Math.min(nextAttempt, RETRY_DELAYS_MS.length) - 1];
    retries.set(
      conversationId,
      setTimeout(() => void pump(conversationId, nextAttempt), delayMs),
    );
  }

  function refuse(entry: OutboxEntry, error: unknown): void {
    tellWaiting(entry.clientMessageId, false);
    if (error instanceof ApiError && error.code === 'conversation.changed' && entry.resendOf === null) {
      return hold(entry, error);
    }
    const reason = errorText(error);
    change(entry.clientMessageId, { state: 'refused', reason });
    lastRefusal.value = { conversationId: entry.conversationId, reason };
  }

  /** Others wrote first: the words go back into the composer, with what waited behind them. */
  function hold(entry: OutboxEntry, error: ApiError): void {
    const news = Array.isArray(error.problem?.messages) ? (error.problem.messages as Message[]) : [];
    for (const payload of news) entities.applyEvent({ type: 'message:created', payload });
    const seenTo = news.reduce((max, { seq }) => Math.max(max, seq), entry.basedOn);
    const onTheirWay = of(entry.conversationId).filter(({ state }) => state !== 'refused' && state !== 'unsent');
    // A file has no field to go back to: it stays where it is until somebody says to send it all the same.
    for (const { clientMessageId, content } of onTheirWay) {
      if (content) change(clientMessageId, { state: 'unsent', basedOn: seenTo });
    }
    const waiting = onTheirWay.filter(({ content }) => !content);
    if (waiting.length === 0) return;
    for (const { clientMessageId } of waiting) remove(clientMessageId);
    drafts.giveBack(entry.conversationId, waiting.map(({ body }) => body).join('\n'));
    const basedOn = seenTo;
    // Joined words are another message than the one the server knows by this id.
    const clientMessageId = waiting.length === 1 ? entry.clientMessageId : randomUuid();
    setHeld(entry.conversationId, { clientMessageId, basedOn, newCount: Math.max(1, news.length) });
  }

  function setHeld(conversationId: string, reply: HeldReply | null): void {
    const next = new Map(held.value);
    if (reply) next.set(conversationId, reply);
    else next.delete(conversationId);
    held.value = next;
  }

  /** Takes up what this agent had on the way when the tab was reloaded; the same ids make it harmless. */
  function restore(): void {
    const kept = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as Kept | null;
    if (kept?.agentId !== session.agent?.id || !kept) return;
    entries.value = kept.entries;
    for (const id of new Set(kept.entries.map(({ conversationId }) => conversationId))) void pump(id, 0);
  }

  function clear(): void {
    for (const timer of retries.values()) clearTimeout(timer);
    entries.value = [];
    held.value = new Map();
  }

  watch(entries, (now) => {
    if (now.length === 0) sessionStorage.removeItem(STORAGE_KEY);
    else sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ agentId: session.agent?.id, entries: now }));
  });

  // Back again: what waited goes out at once, in its order.
  watch(
    () => connection.state,
    (state) => {
      if (state === 'offline') return;
      for (const id of new Set(entries.value.map(({ conversationId }) => conversationId))) void pump(id, 0);
    },
  );

  return {
    entries,
    held,
    lastRefusal,
    of,
    send,
    whenTaken,
    sendAgain,
    retry,
    discard: remove,
    setHeld,
    restore,
    clear,
  };
});

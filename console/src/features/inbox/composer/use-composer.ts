import type { Conversation, DraftMode, Quote } from '@parley/contract';
import { useDebounceFn } from '@vueuse/core';
import { computed, shallowRef, watch, type Ref } from 'vue';
import { errorText } from '../../../shared/error-text.js';
import { undoSendPreference } from '../../../shared/preferences.js';
import { useToastsStore } from '../../../shared/toasts.store.js';
import { randomUuid } from '../../../shared/uuid.js';
import { useSessionStore } from '../../auth/session.store.js';
import { useAgentsStore } from '../agents.store.js';
import { missingVariables } from '../components/text/variables.js';
import type { StaleGuard, ThreadMessage } from '../components/types.js';
import { useDraftsStore } from '../drafts.store.js';
import { useEntitiesStore } from '../entities.store.js';
import type { FileContent, OfferContent, TemplateContent } from '../model/outbox-entry.js';
import { useOutboxStore } from '../outbox.store.js';

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
  ...(message.callPermission && { callPermission: message.callPermission }),
});

export interface TakenFiles {
  files: FileContent[];
  /** `caption`: they go with a file. `kept`: they stay in the field, as beside a voice note. */
  words: 'sent' | 'caption' | 'kept';
}

/** The files that were attached; null while one is still being uploaded, and then they go out by themselves. */
export interface AttachedFiles {
  take(words: string): TakenFiles | null;
}

interface ThreadProgress {
  conversation: Readonly<Ref<Conversation | null>>;
  messages: Readonly<Ref<readonly ThreadMessage[]>>;
  heldThroughSeq: Readonly<Ref<number>>;
  /** Up to where the agent has had the messages on the screen. */
  seenSeq: Readonly<Ref<number>>;
}

/**
 * What is written in one thread: the reply with what it quotes and the guard against talking past something new, and
 * beside it the note for the team, each with its own draft.
 */
export function useComposer(
  conversationId: Readonly<Ref<string>>,
  thread: ThreadProgress,
  attached: Readonly<Ref<AttachedFiles | null>>,
) {
  const entities = useEntitiesStore();
  const outbox = useOutboxStore();
  const drafts = useDraftsStore();
  const session = useSessionStore();
  const replyTo = shallowRef<ThreadMessage | null>(null);
  /** Messages that came in unseen when Send was pressed. */
  const unseenCount = shallowRef(0);
  const mode = shallowRef<DraftMode>('reply');
  /** The message that the note is about. */
  const noteAbout = shallowRef<ThreadMessage | null>(null);
  const agents = useAgentsStore();
  const toasts = useToastsStore();
  const undoSeconds = undoSendPreference();
  /** The note that may not have arrived: written again it keeps its id, so that it is one note. */
  let lastNote = { body: '', clientNoteId: '' };
  let typingSince = 0;

  const draft = computed({
    get: () => drafts.draftOf(conversationId.value, mode.value),
    set: (text: string) => drafts.write(conversationId.value, text, mode.value),
  });
  const isDraftFromElsewhere = computed(() => drafts.isFromElsewhere(conversationId.value, mode.value));
  const held = computed(() => outbox.held.get(conversationId.value) ?? null);
  const stale = computed<StaleGuard | null>(() => {
    if (mode.value === 'note') return null;
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

  /** The new message's id, or null where there was nothing to send. */
  function post(): string | null {
    const body = draft.value.trim();
    if (missingVariables(body).length > 0) return null;
    const taken = attached.value?.take(body) ?? (attached.value ? null : { files: [], words: 'sent' as const });
    if (taken === null || (taken.files.length === 0 && body === '')) return null;
    const basedOn = Math.max(thread.heldThroughSeq.value, held.value?.basedOn ?? 0);
    const quote = replyTo.value && quoteOf(replyTo.value);
    let sent = '';
    for (const [index, content] of taken.files.entries()) {
      sent = outbox.send(conversationId.value, { body: '', quote: index === 0 ? quote : null, basedOn, content });
    }
    if (body !== '' && taken.words === 'sent') {
      sent = outbox.send(conversationId.value, {
        body,
        quote: taken.files.length === 0 ? quote : null,
        basedOn,
        undoSeconds: undoSeconds.value,
        clientMessageId: held.value?.clientMessageId,
      });
    }
    if (taken.words !== 'kept') draft.value = '';
    replyTo.value = null;
    unseenCount.value = 0;
    setTyping(false);
    return sent;
  }

  /** A template leaves whatever the window is, and whatever stands in the field. */
  function sendTemplate(content: TemplateContent): void {
    outbox.send(conversationId.value, {
      body: '',
      quote: null,
      basedOn: thread.heldThroughSeq.value,
      content,
      undoSeconds: undoSeconds.value,
    });
  }

  /** Sends, unless something new stands below the screen: then the guard asks first. The id of what went out. */
  function send(): string | null {
    unseenCount.value = countUnseen();
    return unseenCount.value > 0 ? null : post();
  }

  /** Sends an offer, a place or a card, with what is quoted; the number of unseen messages when it did not. */
  function sendOffer(content: OfferContent, anyway: boolean): number {
    const unseen = countUnseen();
    if (unseen > 0 && !anyway) return unseen;
    const basedOn = thread.heldThroughSeq.value;
    const quote = replyTo.value && quoteOf(replyTo.value);
    outbox.send(conversationId.value, { body: '', quote, basedOn, content });
    replyTo.value = null;
    return 0;
  }

  /** The colleagues whom the note names. */
  const mentionsIn = (body: string): string[] =>
    agents.assignable.filter(({ name }) => body.includes(`@${name}`)).map(({ id }) => id);

  /** Puts the note into the thread; what could not be kept stands in the field again. */
  async function addNote(): Promise<void> {
    const body = draft.value.trim();
    if (body === '') return;
    const id = conversationId.value;
    const about = noteAbout.value;
    if (lastNote.body !== body) lastNote = { body, clientNoteId: randomUuid() };
    draft.value = '';
    noteAbout.value = null;
    try {
      const { clientNoteId } = lastNote;
      const mentions = mentionsIn(body);
      const note = await entities.api.createNote(id, { clientNoteId, body, mentions, messageId: about?.id ?? null });
      entities.applyEvent({ type: 'note:created', payload: note });
      lastNote = { body: '', clientNoteId: '' };
    } catch (error) {
      drafts.giveBack(id, body, 'note');
      if (id === conversationId.value) noteAbout.value = about;
      toasts.show({ tone: 'error', title: errorText(error) });
    }
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
    noteAbout.value = null;
    mode.value = 'reply';
    unseenCount.value = 0;
  });
  watch(thread.seenSeq, (seen) => {
    if (seen > 0 && unseenCount.value > 0 && countUnseen() === 0) unseenCount.value = 0;
  });

  return {
    draft,
    isDraftFromElsewhere,
    mode,
    noteAbout,
    replyTo,
    stale,
    send,
    sendTemplate,
    sendOffer,
    sendAnyway: post,
    addNote,
    reviewed,
    setTyping,
  };
}

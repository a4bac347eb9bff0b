import type { Conversation, Message } from '@parley/contract';
import { shallowRef } from 'vue';
import { ApiError } from '../../../shared/api-error.js';
import { errorText } from '../../../shared/error-text.js';
import { undoSendPreference } from '../../../shared/preferences.js';
import { randomUuid } from '../../../shared/uuid.js';
import { useSessionStore } from '../../auth/session.store.js';
import { useEntitiesStore } from '../entities.store.js';
import { forwardMessage } from './forward.api.js';

/** A conversation of a colleague in which something stands that the agent may not have seen. */
interface Unseen {
  conversation: Conversation;
  count: number;
}

/** Sends a message on; what the server holds back asks once more, what it refuses says why. */
export function useForward(message: () => Message, sent: (to: Conversation) => void) {
  const session = useSessionStore();
  const entities = useEntitiesStore();
  const undoSeconds = undoSendPreference();
  const isSending = shallowRef(false);
  const unseen = shallowRef<Unseen | null>(null);
  const refusal = shallowRef<string | null>(null);
  /** The same for each try, so that a lost answer does not send it twice. */
  const clientIds = new Map<string, string>();

  async function forward(to: Conversation, basedOn?: number): Promise<void> {
    if (isSending.value) return;
    isSending.value = true;
    refusal.value = null;
    const clientMessageId = clientIds.get(to.id) ?? randomUuid();
    clientIds.set(to.id, clientMessageId);
    try {
      const made = await forwardMessage(session.http, message(), {
        clientMessageId,
        to: to.id,
        ...(basedOn !== undefined && { basedOn }),
        ...(undoSeconds.value > 0 && { undoSeconds: undoSeconds.value }),
      });
      entities.applyEvent({ type: 'message:created', payload: made });
      sent(to);
    } catch (error) {
      unseen.value = unseenOf(error);
      if (!unseen.value) refusal.value = errorText(error);
      else entities.take(unseen.value.conversation);
    } finally {
      isSending.value = false;
    }
  }

  return {
    isSending,
    unseen,
    refusal,
    forward,
    /** The agent knows of it and sends all the same. */
    forwardAnyway: () => unseen.value && forward(unseen.value.conversation, unseen.value.conversation.lastSeq),
  };
}

function unseenOf(error: unknown): Unseen | null {
  if (!(error instanceof ApiError) || error.code !== 'conversation.changed' || !error.problem) return null;
  const { conversation, messages } = error.problem;
  return { conversation: conversation as Conversation, count: (messages as Message[]).length };
}

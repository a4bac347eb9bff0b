import type { Ref } from 'vue';
import { ApiError } from '../../../shared/api-error.js';
import { errorText } from '../../../shared/error-text.js';
import { useToastsStore } from '../../../shared/toasts.store.js';
import { useSessionStore } from '../../auth/session.store.js';
import type { Message, ThreadMessage } from '../components/types.js';
import { useDraftsStore } from '../drafts.store.js';
import { useEntitiesStore } from '../entities.store.js';

/** Takes held messages of a thread back; `focusReply` puts the cursor where the words stand again. */
export function useUndoSend(
  messages: Readonly<Ref<readonly ThreadMessage[]>>,
  focusReply: (conversationId: string) => void,
) {
  const session = useSessionStore();
  const entities = useEntitiesStore();
  const drafts = useDraftsStore();
  const toasts = useToastsStore();

  /** Its words stand in the field again, or we say that it has left. */
  async function undoSend(message: ThreadMessage): Promise<void> {
    const words = message.text?.body ?? '';
    try {
      const undone = await entities.api.undoSend(message.conversationId, message.id);
      entities.applyEvent({ type: 'message:updated', payload: undone });
      if (!message.template) drafts.giveBack(message.conversationId, words);
      focusReply(message.conversationId);
    } catch (error) {
      const current = error instanceof ApiError ? (error.problem?.message as Message | undefined) : undefined;
      if (current) entities.applyEvent({ type: 'message:updated', payload: current });
      toasts.show({ tone: 'error', title: errorText(error) });
    }
  }

  function undoLastSend(): void {
    const held = messages.value.findLast(
      ({ undoableUntil, sender }) => undoableUntil !== undefined && sender.id === (session.agent?.id ?? ''),
    );
    if (held) void undoSend(held);
  }

  return { undoSend, undoLastSend };
}

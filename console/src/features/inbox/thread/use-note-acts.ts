import { errorText } from '../../../shared/error-text.js';
import { useToastsStore } from '../../../shared/toasts.store.js';
import type { Note } from '../components/types.js';
import { useEntitiesStore } from '../entities.store.js';

/** What is done to a note in the thread; a refusal is told in a toast. */
export function useNoteActs() {
  const entities = useEntitiesStore();
  const toasts = useToastsStore();

  async function change(run: () => Promise<Note | undefined>): Promise<void> {
    try {
      const changed = await run();
      if (changed) entities.applyEvent({ type: 'note:updated', payload: changed });
    } catch (error) {
      toasts.show({ tone: 'error', title: errorText(error) });
    }
  }

  return {
    pinNote: (note: Note, pinned: boolean) =>
      change(() => entities.api.updateNote(note.conversationId, note.id, { pinned })),
    deleteNote: (note: Note) =>
      change(() => entities.api.deleteNote(note.conversationId, note.id).then(() => undefined)),
  };
}

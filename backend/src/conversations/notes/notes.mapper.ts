import type { Note } from '@parley/contract';
import type { NoteView } from './notes.repository.js';

/** A note as the wire has it. */
export function toNote(view: NoteView): Note {
  const { id, conversationId, rev, afterSeq, body, mentions, messageId, pinned } = view;
  return {
    id,
    conversationId,
    rev,
    afterSeq,
    author: { type: 'agent', id: view.authorId, name: view.authorName },
    body,
    mentions,
    messageId,
    pinned,
    createdAt: view.createdAt.toISOString(),
    editedAt: view.editedAt?.toISOString() ?? null,
    deletedAt: view.deletedAt?.toISOString() ?? null,
  };
}

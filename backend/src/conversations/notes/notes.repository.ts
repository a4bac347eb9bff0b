import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** A note with the names that the contract shows. */
export interface NoteView {
  id: string;
  conversationId: string;
  rev: number;
  afterSeq: number;
  authorId: string;
  authorName: string;
  body: string;
  mentions: { id: string; name: string }[];
  messageId: string | null;
  pinned: boolean;
  createdAt: Date;
  editedAt: Date | null;
  deletedAt: Date | null;
}

export interface NewNote {
  id: string;
  clientNoteId: string;
  conversationId: string;
  afterSeq: number;
  authorId: string;
  body: string;
  mentions: readonly string[];
  messageId: string | null;
  now: Date;
}

const noteViews = (source: string, order = ''): string => `
  select n.id, n.conversation_id as "conversationId", n.rev, n.after_seq as "afterSeq", n.author_id as "authorId",
    author.name as "authorName", n.body, n.message_id as "messageId", n.pinned, n.created_at as "createdAt",
    n.edited_at as "editedAt", n.deleted_at as "deletedAt",
    coalesce((select json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name) from agents a
      where a.id = any(n.mentions)), '[]') as "mentions"
  from (${source}) n join agents author on author.id = n.author_id ${order}`;

/** The statements of notes. No statement outside this file reads the table: what sends cannot find them. */
@Injectable()
export class NotesRepository {
  async byIds(tx: Tx, refs: readonly { conversationId: string; noteId: string }[]): Promise<NoteView[]> {
    if (refs.length === 0) return [];
    return query<NoteView>(
      tx,
      noteViews(`select note.* from unnest($1::uuid[], $2::uuid[]) as ref (conversation_id, id)
        join notes note on note.conversation_id = ref.conversation_id and note.id = ref.id`),
      [refs.map((ref) => ref.conversationId), refs.map((ref) => ref.noteId)],
    );
  }

  /** Notes after the messages from `fromSeq` on, up to those that the pages before have shown; oldest first. */
  async between(tx: Tx, conversationId: string, fromSeq: number, beforeSeq: number | null): Promise<NoteView[]> {
    return query<NoteView>(
      tx,
      noteViews(
        `select * from notes where conversation_id = $1 and after_seq >= $2 and ($3::bigint is null or after_seq < $3)`,
        'order by n.after_seq, n.id',
      ),
      [conversationId, fromSeq, beforeSeq],
    );
  }

  /** What is not deleted: pinned first, then newest. */
  async newest(tx: Tx, conversationId: string, limit: number): Promise<NoteView[]> {
    return query<NoteView>(
      tx,
      noteViews(
        `select * from notes where conversation_id = $1 and deleted_at is null order by pinned desc, id desc limit $2`,
        'order by n.pinned desc, n.id desc',
      ),
      [conversationId, limit],
    );
  }

  async findByClientId(
    tx: Tx,
    conversationId: string,
    clientNoteId: string,
  ): Promise<{ id: string; authorId: string } | null> {
    const [row] = await query<{ id: string; authorId: string }>(
      tx,
      'select id, author_id as "authorId" from notes where conversation_id = $1 and client_note_id = $2',
      [conversationId, clientNoteId],
    );
    return row ?? null;
  }

  async hasMessage(tx: Tx, conversationId: string, messageId: string): Promise<boolean> {
    const sql = 'select 1 as found from messages where conversation_id = $1 and id = $2';
    return (await query(tx, sql, [conversationId, messageId])).length > 0;
  }

  async insert(tx: Tx, note: NewNote): Promise<void> {
    await query(
      tx,
      `insert into notes (conversation_id, id, client_note_id, after_seq, author_id, body, mentions, message_id, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        note.conversationId,
        note.id,
        note.clientNoteId,
        note.afterSeq,
        note.authorId,
        note.body,
        note.mentions,
        note.messageId,
        note.now,
      ],
    );
  }

  async update(
    tx: Tx,
    ref: { conversationId: string; noteId: string },
    change: { body?: string; mentions?: readonly string[]; pinned?: boolean; editedAt?: Date },
  ): Promise<void> {
    await query(
      tx,
      `update notes set rev = rev + 1, body = coalesce($3, body), mentions = coalesce($4::uuid[], mentions),
         pinned = coalesce($5, pinned), edited_at = coalesce($6, edited_at)
       where conversation_id = $1 and id = $2`,
      [
        ref.conversationId,
        ref.noteId,
        change.body ?? null,
        change.mentions ?? null,
        change.pinned ?? null,
        change.editedAt ?? null,
      ],
    );
  }

  /** Its words are gone, its place stays. */
  async erase(tx: Tx, ref: { conversationId: string; noteId: string }, now: Date): Promise<void> {
    await query(
      tx,
      `update notes set rev = rev + 1, body = '', mentions = '{}', pinned = false, deleted_at = $3
       where conversation_id = $1 and id = $2`,
      [ref.conversationId, ref.noteId, now],
    );
    await query(tx, 'delete from note_mentions where note_id = $1', [ref.noteId]);
  }

  /** Notes whom it names; returns those that it had not named before. */
  async mention(
    tx: Tx,
    ref: { conversationId: string; noteId: string },
    agentIds: readonly string[],
    now: Date,
  ): Promise<string[]> {
    const rows = await query<{ agentId: string }>(
      tx,
      `insert into note_mentions (conversation_id, note_id, agent_id, created_at)
       select $1, $2, id, $4 from unnest($3::uuid[]) as named (id)
       on conflict do nothing returning agent_id as "agentId"`,
      [ref.conversationId, ref.noteId, agentIds, now],
    );
    return rows.map(({ agentId }) => agentId);
  }
}

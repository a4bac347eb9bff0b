import { Injectable } from '@nestjs/common';
import type { CreateNote, Note, UpdateNote } from '@parley/contract';
import { AgentsService } from '../../agents/agents.service.js';
import { seesEverything, type AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { DomainError, ForbiddenError, NotFoundError } from '../../common/domain.error.js';
import { newId } from '../../common/ids.js';
import { Database, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { ConversationAccess, isVisible } from '../conversation-access.js';
import type { ConversationRow } from '../conversation.row.js';
import { ConversationsRepository, placeOf, type LockedConversation } from '../conversations.repository.js';
import { toNote } from './notes.mapper.js';
import { NotesRepository, type NoteView } from './notes.repository.js';

const PANEL_LIMIT = 100;

type NoteRef = { conversationId: string; noteId: string };

/** What the team writes to itself. Whoever sees a conversation may write notes in it, whoever owns it. */
@Injectable()
export class NotesService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationAccess,
    private readonly agents: AgentsService,
    private readonly notes: NotesRepository,
    private readonly log: LogRepository,
  ) {}

  /** The conversation's notes, pinned first, then newest. */
  async list(agent: AuthenticatedAgent, conversationId: string): Promise<Note[]> {
    const { id } = await this.access.assertVisible(agent, conversationId);
    return (await this.notes.newest(this.database.pool, id, PANEL_LIMIT)).map(toNote);
  }

  /**
   * Repeating a `clientNoteId` returns the note that it made.
   * @throws NotFoundError for the conversation or the message, DomainError note.mention_unavailable
   */
  async create(agent: AuthenticatedAgent, id: string, request: CreateNote): Promise<{ note: Note; isNew: boolean }> {
    return this.inThread(agent, id, async (tx, { row, now }) => {
      const known = await this.notes.findByClientId(tx, row.id, request.clientNoteId);
      if (known) {
        if (known.authorId !== agent.id) throw new DomainError('message.id_reused', 409, 'This id is taken.');
        return { note: await this.read(tx, { conversationId: row.id, noteId: known.id }), isNew: false };
      }
      const messageId = request.messageId ?? null;
      if (messageId !== null && !(await this.notes.hasMessage(tx, row.id, messageId))) {
        throw new NotFoundError('message');
      }
      const mentions = await this.tellable(tx, row, agent, request.mentions);
      const ref = { conversationId: row.id, noteId: newId() };
      await this.notes.insert(tx, {
        id: ref.noteId,
        conversationId: row.id,
        clientNoteId: request.clientNoteId,
        afterSeq: row.lastSeq,
        authorId: agent.id,
        body: request.body,
        mentions,
        messageId,
        now,
      });
      await this.tell(tx, row, ref, 'note.created', mentions, now);
      return { note: await this.read(tx, ref), isNew: true };
    });
  }

  /** @throws NotFoundError, ForbiddenError for another's words, DomainError note.mention_unavailable */
  async update(agent: AuthenticatedAgent, id: string, noteId: string, request: UpdateNote): Promise<Note> {
    return this.inThread(agent, id, async (tx, { row, now }) => {
      const ref = { conversationId: row.id, noteId };
      const before = await this.find(tx, ref);
      const { body, mentions: named, pinned } = request;
      const isRewritten = body !== undefined || named !== undefined;
      if (isRewritten && before.authorId !== agent.id) throw new ForbiddenError('Only its author may change a note.');
      const mentions = named && (await this.tellable(tx, row, agent, named));
      await this.notes.update(tx, ref, { body, mentions, pinned, ...(isRewritten && { editedAt: now }) });
      await this.tell(tx, row, ref, 'note.updated', mentions ?? [], now);
      return this.read(tx, ref);
    });
  }

  /** The author, a supervisor or an admin; what it said is gone for everybody. */
  async delete(agent: AuthenticatedAgent, id: string, noteId: string): Promise<void> {
    await this.inThread(agent, id, async (tx, { row, now }) => {
      const ref = { conversationId: row.id, noteId };
      const before = await this.find(tx, ref);
      if (before.authorId !== agent.id && !seesEverything(agent)) {
        throw new ForbiddenError('Only its author, a supervisor or an admin may delete a note.');
      }
      await this.notes.erase(tx, ref, now);
      await this.tell(tx, row, ref, 'note.updated', [], now);
    });
  }

  private inThread<Result>(
    agent: AuthenticatedAgent,
    id: string,
    work: (tx: Tx, locked: LockedConversation) => Promise<Result>,
  ): Promise<Result> {
    return this.database.transaction(async (tx) => {
      const locked = await this.conversations.lock(tx, id);
      if (!locked || !isVisible(agent, locked.row)) throw new NotFoundError('conversation');
      return work(tx, locked);
    });
  }

  private async find(tx: Tx, ref: NoteRef): Promise<NoteView> {
    const [view] = await this.notes.byIds(tx, [ref]);
    if (!view || view.deletedAt !== null) throw new NotFoundError('note');
    return view;
  }

  private async read(tx: Tx, ref: NoteRef): Promise<Note> {
    const [view] = await this.notes.byIds(tx, [ref]);
    if (!view) throw new NotFoundError('note');
    return toNote(view);
  }

  /** A mention must not tell anybody of a conversation that they may not see. */
  private async tellable(
    tx: Tx,
    row: ConversationRow,
    author: AuthenticatedAgent,
    agentIds: readonly string[],
  ): Promise<string[]> {
    const unique = [...new Set(agentIds)].sort();
    for (const id of unique) {
      const named = await this.agents.find(id, tx);
      if (!named) throw new NotFoundError('agent');
      if (named.active && isVisible(named, row)) continue;
      const detail = `${named.name} cannot see this conversation.`;
      throw new DomainError('note.mention_unavailable', 409, detail, { agent: { id, name: named.name } });
    }
    return unique.filter((id) => id !== author.id);
  }

  private async tell(
    tx: Tx,
    row: ConversationRow,
    { conversationId, noteId }: NoteRef,
    type: 'note.created' | 'note.updated',
    mentions: readonly string[],
    now: Date,
  ): Promise<void> {
    const named = await this.notes.mention(tx, { conversationId, noteId }, mentions, now);
    const event = { ...placeOf(row), conversationId, messageId: noteId };
    await this.log.append(tx, [
      { ...event, type },
      ...named.map((agentId) => ({ ...event, type: 'mention.created' as const, agentId })),
    ]);
  }
}

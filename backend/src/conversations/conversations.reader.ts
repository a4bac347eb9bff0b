import { Injectable } from '@nestjs/common';
import type { Conversation, Message, Note, TimelineEntry } from '@parley/contract';
import { NotFoundError } from '../common/domain.error.js';
import { Database, type Tx } from '../database/database.js';
import { toConversation, toMessage, toTimelineEntry } from './conversations.mapper.js';
import { HydrationRepository } from './hydration.repository.js';
import { toNote } from './notes/notes.mapper.js';
import { NotesRepository } from './notes/notes.repository.js';

/**
 * Contract-shaped conversations, messages and timeline lines by their ids: what the log's readers send, and what answers
 * are made of. Nothing in the maps belongs to one agent; what no longer exists is missing from them.
 */
@Injectable()
export class ConversationsReader {
  constructor(
    private readonly database: Database,
    private readonly hydration: HydrationRepository,
    private readonly noteRows: NotesRepository,
  ) {}

  async conversations(ids: readonly string[], tx: Tx = this.database.pool): Promise<Map<string, Conversation>> {
    const views = await this.hydration.conversations(tx, [...new Set(ids)]);
    return new Map(views.map((view) => [view.id, toConversation(view)]));
  }

  /**
   * One conversation as the answer to one agent, with `unreadCount` and `readSeq`; access is the caller's to check.
   * @throws NotFoundError
   */
  async forAgent(agentId: string, id: string, tx: Tx = this.database.pool): Promise<Conversation> {
    const view = await this.hydration.conversationFor(tx, agentId, id);
    if (!view) throw new NotFoundError('conversation');
    return toConversation(view, view);
  }

  async messages(
    refs: readonly { conversationId: string; messageId: string }[],
    tx: Tx = this.database.pool,
  ): Promise<Map<string, Message>> {
    const unique = new Map(
      refs.map((ref) => [ref.messageId, { conversationId: ref.conversationId, id: ref.messageId }]),
    );
    const views = await this.hydration.messages(tx, [...unique.values()]);
    return new Map(views.map((view) => [view.id, toMessage(view)]));
  }

  async notes(
    refs: readonly { conversationId: string; noteId: string }[],
    tx: Tx = this.database.pool,
  ): Promise<Map<string, Note>> {
    const unique = new Map(refs.map((ref) => [ref.noteId, ref]));
    return new Map((await this.noteRows.byIds(tx, [...unique.values()])).map((view) => [view.id, toNote(view)]));
  }

  async timeline(
    refs: readonly { conversationId: string; entryId: string }[],
    tx: Tx = this.database.pool,
  ): Promise<Map<string, TimelineEntry>> {
    const unique = new Map(refs.map((ref) => [ref.entryId, { conversationId: ref.conversationId, id: ref.entryId }]));
    const views = await this.hydration.timeline(tx, [...unique.values()]);
    return new Map(views.map((view) => [view.id, toTimelineEntry(view)]));
  }
}

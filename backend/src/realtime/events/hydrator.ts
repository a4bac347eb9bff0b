import { Injectable, Logger } from '@nestjs/common';
import type { Note } from '@parley/contract';
import { ConversationsReader } from '../../conversations/conversations.reader.js';
import { sqlStateOf } from '../../database/database.js';
import type { LogRow } from '../../log/log-stream.repository.js';
import { RealtimeRepository } from '../realtime.repository.js';
import { draftKey, readKey, type Hydrated } from './deliveries.js';

/** Turns the ids of log rows into what they stand for now: one query per kind, however many rows. */
@Injectable()
export class Hydrator {
  private readonly logger = new Logger(Hydrator.name);

  constructor(
    private readonly reader: ConversationsReader,
    private readonly repository: RealtimeRepository,
  ) {}

  /** A row that cannot be shown is left out, with an error in our own log: it must not hold up all the others. */
  async hydrate(rows: readonly LogRow[]): Promise<Hydrated> {
    try {
      return await this.hydrateTogether(rows);
    } catch (error) {
      if (!isOfTheRow(error)) throw error;
      const [only] = rows;
      if (!only) throw error;
      if (rows.length > 1) {
        const middle = Math.ceil(rows.length / 2);
        return merge(await this.hydrate(rows.slice(0, middle)), await this.hydrate(rows.slice(middle)));
      }
      this.logger.error(`event ${only.type} ${only.xid}.${only.id} cannot be shown and was left out`, error);
      return NOTHING;
    }
  }

  private async hydrateTogether(rows: readonly LogRow[]): Promise<Hydrated> {
    const updated = new Set<string>();
    const mentioned = new Set<string>();
    const messages: { conversationId: string; messageId: string }[] = [];
    const entries: { conversationId: string; entryId: string }[] = [];
    const reads: { agentId: string; conversationId: string }[] = [];
    const notes: { conversationId: string; noteId: string }[] = [];
    const drafts: { agentId: string; conversationId: string; mode: unknown }[] = [];
    const told = new Set<string>();
    for (const { type, conversationId, messageId, agentId, data } of rows) {
      if (type === 'notifications.updated' && agentId) told.add(agentId);
      if (!conversationId) continue;
      if (type === 'read.updated') {
        if (agentId) reads.push({ agentId, conversationId });
        continue;
      }
      if (type === 'draft.updated') {
        if (agentId) drafts.push({ agentId, conversationId, mode: data?.['mode'] });
        continue;
      }
      mentioned.add(conversationId);
      if (type === 'conversation.updated') updated.add(conversationId);
      else if (type === 'timeline.created') entries.push({ conversationId, entryId: messageId ?? '' });
      else if (type.startsWith('note.') || type === 'mention.created') {
        notes.push({ conversationId, noteId: messageId ?? '' });
      } else if (messageId) messages.push({ conversationId, messageId });
    }
    const [conversations, hydratedMessages, timeline, readUpdates, noteRows, draftRows, unread] = await Promise.all([
      updated.size > 0 ? this.reader.conversations([...updated]) : new Map(),
      messages.length > 0 ? this.reader.messages(messages) : new Map(),
      entries.length > 0 ? this.reader.timeline(entries) : new Map(),
      this.repository.reads(reads),
      notes.length > 0 ? this.reader.notes(notes) : new Map<string, Note>(),
      this.repository.drafts(drafts),
      this.repository.unreadNotifications([...told]),
    ]);
    return {
      conversations,
      messages: hydratedMessages,
      timeline,
      reads: new Map(readUpdates.map(({ agentId, ...update }) => [readKey(agentId, update.conversationId), update])),
      notes: noteRows,
      drafts: new Map(
        draftRows.map(({ agentId, ...draft }) => [draftKey(agentId, draft.conversationId, draft.mode), draft]),
      ),
      unread,
      places: await this.repository.places([...mentioned]),
    };
  }
}

const NOTHING: Hydrated = {
  conversations: new Map(),
  messages: new Map(),
  timeline: new Map(),
  reads: new Map(),
  notes: new Map(),
  drafts: new Map(),
  unread: new Map(),
  places: new Map(),
};

function merge(left: Hydrated, right: Hydrated): Hydrated {
  return {
    conversations: new Map([...left.conversations, ...right.conversations]),
    messages: new Map([...left.messages, ...right.messages]),
    timeline: new Map([...left.timeline, ...right.timeline]),
    reads: new Map([...left.reads, ...right.reads]),
    notes: new Map([...left.notes, ...right.notes]),
    drafts: new Map([...left.drafts, ...right.drafts]),
    unread: new Map([...left.unread, ...right.unread]),
    places: new Map([...left.places, ...right.places]),
  };
}

/** Our own code or the data itself failed; a database that is away would fail for every row alike. */
function isOfTheRow(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || sqlStateOf(error)?.startsWith('22') === true;
}

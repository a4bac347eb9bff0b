import { Injectable } from '@nestjs/common';
import type {
  Conversation,
  ConversationCounts,
  ConversationList,
  ConversationListQuery,
  MessageList,
  MessageListQuery,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import { Database } from '../../database/database.js';
import { LogPosition } from '../../log/log-position.js';
import { ConversationAccess } from '../conversation-access.js';
import { toConversation, toMessage, toTimelineEntry } from '../conversations.mapper.js';
import { ConversationsReader } from '../conversations.reader.js';
import { decodeListCursor, decodeThreadCursor, encodeListCursor, encodeThreadCursor } from '../list-cursor.js';
import { toNote } from '../notes/notes.mapper.js';
import { NotesRepository } from '../notes/notes.repository.js';
import { CountsRepository } from './counts.repository.js';
import { InboxRepository } from './inbox.repository.js';
import { parseSearch } from './search-terms.js';
import { ThreadRepository } from './thread.repository.js';

/** What an agent sees of the inbox. Each answer's `syncCursor` is read before the rows, so that replay misses nothing. */
@Injectable()
export class InboxService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly reader: ConversationsReader,
    private readonly inbox: InboxRepository,
    private readonly standing: CountsRepository,
    private readonly thread: ThreadRepository,
    private readonly notes: NotesRepository,
    private readonly position: LogPosition,
  ) {}

  async list(agent: AuthenticatedAgent, request: ConversationListQuery): Promise<ConversationList> {
    const { status, assignee, team, channel, tag, priority, sort, limit, cursor, q } = request;
    const after = cursor === undefined ? null : decodeListCursor(cursor, sort);
    const syncCursor = await this.position.current();
    const filter = { status, assignee, teamId: team, channelId: channel, tag, priority, sort, after, limit };
    const rows = await this.inbox.list(this.database.pool, agent, { ...filter, search: parseSearch(q ?? '') });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nextCursor =
      last && rows.length > limit
        ? encodeListCursor({ sort, keyMicros: last.keyMicros, id: last.id, rank: last.rank })
        : null;
    return { items: page.map((row) => toConversation(row, row)), nextCursor, syncCursor };
  }

  async counts(agent: AuthenticatedAgent): Promise<ConversationCounts> {
    const syncCursor = await this.position.current();
    return { ...(await this.standing.counts(this.database.pool, agent)), syncCursor };
  }

  async get(agent: AuthenticatedAgent, id: string): Promise<Conversation> {
    const conversation = await this.reader.forAgent(agent.id, id);
    const place = { teamId: conversation.team?.id ?? null, assigneeId: conversation.assignee?.id ?? null };
    if (!this.access.isVisible(agent, place)) throw new NotFoundError('conversation');
    return conversation;
  }

  /** Newest first. The last page also brings the lines that stand before the first message. */
  async messages(agent: AuthenticatedAgent, id: string, request: MessageListQuery): Promise<MessageList> {
    const before = request.before === undefined ? null : decodeThreadCursor(request.before);
    const { row, syncCursor } = await this.access.assertVisibleNow(agent, id);
    const conversationId = row.id;
    const rows = await this.thread.messages(this.database.pool, conversationId, before, request.limit);
    const page = rows.slice(0, request.limit);
    const last = page.at(-1);
    const hasMore = last !== undefined && rows.length > request.limit;
    const shownFrom = before?.lowestSeq ?? null;
    // Arrival and event time may disagree, so the lowest `seq` is not always the oldest message's.
    const lowestSeq = Math.min(...page.map((row) => row.seq), shownFrom ?? Infinity);
    const between = [conversationId, hasMore ? lowestSeq : 0, shownFrom] as const;
    const [timeline, notes] = await Promise.all([
      this.thread.timeline(this.database.pool, ...between),
      this.notes.between(this.database.pool, ...between),
    ]);
    return {
      items: page.map(toMessage),
      timeline: timeline.map(toTimelineEntry),
      notes: notes.map(toNote),
      nextCursor: hasMore ? encodeThreadCursor({ eventSecond: last.eventSecond, seq: last.seq, lowestSeq }) : null,
      syncCursor,
    };
  }
}

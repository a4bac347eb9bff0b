import { Injectable, Logger } from '@nestjs/common';
import { ConversationsReader } from '../conversations/conversations.reader.js';
import { sqlStateOf } from '../database/database.js';
import type { LogRow } from '../log/log-stream.repository.js';
import { readKey, type Hydrated } from './deliveries.js';
import { RealtimeRepository } from './realtime.repository.js';

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
    for (const { type, conversationId, messageId, agentId } of rows) {
      if (!conversationId) continue;
      if (type === 'read.updated') {
        if (agentId) reads.push({ agentId, conversationId });
        continue;
      }
      mentioned.add(conversationId);
      if (type === 'conversation.updated') updated.add(conversationId);
      else if (type === 'timeline.created') entries.push({ conversationId, entryId: messageId ?? '' });
      else if (messageId) messages.push({ conversationId, messageId });
    }
    const [conversations, hydratedMessages, timeline, readUpdates] = await Promise.all([
      updated.size > 0 ? this.reader.conversations([...updated]) : new Map(),
      messages.length > 0 ? this.reader.messages(messages) : new Map(),
      entries.length > 0 ? this.reader.timeline(entries) : new Map(),
      this.repository.reads(reads),
    ]);
    return {
      conversations,
      messages: hydratedMessages,
      timeline,
      reads: new Map(readUpdates.map(({ agentId, ...update }) => [readKey(agentId, update.conversationId), update])),
      places: await this.repository.places([...mentioned]),
    };
  }
}

const NOTHING: Hydrated = {
  conversations: new Map(),
  messages: new Map(),
  timeline: new Map(),
  reads: new Map(),
  places: new Map(),
};

function merge(left: Hydrated, right: Hydrated): Hydrated {
  return {
    conversations: new Map([...left.conversations, ...right.conversations]),
    messages: new Map([...left.messages, ...right.messages]),
    timeline: new Map([...left.timeline, ...right.timeline]),
    reads: new Map([...left.reads, ...right.reads]),
    places: new Map([...left.places, ...right.places]),
  };
}

/** Our own code or the data itself failed; a database that is away would fail for every row alike. */
function isOfTheRow(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || sqlStateOf(error)?.startsWith('22') === true;
}

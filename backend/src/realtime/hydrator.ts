import { Injectable } from '@nestjs/common';
import { ConversationsReader } from '../conversations/conversations.reader.js';
import type { LogRow } from '../log/log-stream.repository.js';
import { readKey, type Hydrated } from './deliveries.js';
import { RealtimeRepository } from './realtime.repository.js';

/** Turns the ids of log rows into what they stand for now: one query per kind, however many rows. */
@Injectable()
export class Hydrator {
  constructor(
    private readonly reader: ConversationsReader,
    private readonly repository: RealtimeRepository,
  ) {}

  async hydrate(rows: readonly LogRow[]): Promise<Hydrated> {
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

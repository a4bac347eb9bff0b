import { Injectable } from '@nestjs/common';
import type { Conversation, Message, TimelineEntry } from '@parley/contract';
import { Database, type Tx } from '../database/database.js';
import { toConversation, toMessage, toTimelineEntry } from './conversations.mapper.js';
import { HydrationRepository } from './hydration.repository.js';

/**
 * Contract-shaped conversations, messages and timeline lines by their ids, without anything that belongs to one agent:
 * what the log's readers send, and what answers are made of. What no longer exists is missing from the map.
 */
@Injectable()
export class ConversationsReader {
  constructor(
    private readonly database: Database,
    private readonly hydration: HydrationRepository,
  ) {}

  async conversations(ids: readonly string[], tx: Tx = this.database.pool): Promise<Map<string, Conversation>> {
    const views = await this.hydration.conversations(tx, [...new Set(ids)]);
    return new Map(views.map((view) => [view.id, toConversation(view)]));
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

  async timeline(
    refs: readonly { conversationId: string; entryId: string }[],
    tx: Tx = this.database.pool,
  ): Promise<Map<string, TimelineEntry>> {
    const unique = new Map(refs.map((ref) => [ref.entryId, { conversationId: ref.conversationId, id: ref.entryId }]));
    const views = await this.hydration.timeline(tx, [...unique.values()]);
    return new Map(views.map((view) => [view.id, toTimelineEntry(view)]));
  }
}

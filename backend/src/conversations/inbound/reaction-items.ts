import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { placeOf } from '../conversations.repository.js';
import type { InboundEffect, InboundItem, ItemResult } from './inbound-item.js';
import { InboundMessagesRepository, type MessageKey } from './inbound-messages.repository.js';
import { NIL } from 'uuid';
import type { ThreadDraft } from './thread-draft.js';

/** A reaction whose target and actor are known. */
export interface ReactionItem {
  item: InboundItem<Extract<InboundEffect, { kind: 'reaction' }>>;
  wamid: string;
  target: MessageKey;
  actor: Reactor;
}

/** Who reacted, as the table names them. */
interface Reactor {
  type: 'contact' | 'system';
  id: string;
}

/** The phone app: Meta does not say who held it. */
export const BUSINESS: Reactor = { type: 'system', id: NIL };

/** The reactions of a batch. Each has a key of its own, so that a repeated one takes no effect again. */
@Injectable()
export class ReactionItems {
  constructor(private readonly messages: InboundMessagesRepository) {}

  /** Applies them under the locks of their conversations; says what became of each and what the log learns. */
  async apply(
    tx: Tx,
    reactions: readonly ReactionItem[],
    drafts: ReadonlyMap<string, ThreadDraft>,
  ): Promise<{ results: ItemResult[]; events: LogEvent[] }> {
    const claimed = await this.messages.claim(
      tx,
      reactions.map(({ target, wamid }) => ({ ...target, wamid })),
    );
    const isNew = new Set(claimed.map((key) => `${key.channelId} ${key.wamid}`));
    // One row per actor and target may be written in a statement: the newest, and of one second the last to arrive.
    const newest = new Map<string, ReactionItem>();
    const results = reactions.map((reaction): ItemResult => {
      const { item, target, actor, wamid } = reaction;
      const place = { conversationId: target.conversationId, messageId: target.messageId };
      if (!isNew.has(`${item.channel.id} ${wamid}`)) return { outcome: 'duplicate', ...place };
      const other = newest.get(`${target.messageId} ${actor.id}`);
      if (!other || item.effect.time.at >= other.item.effect.time.at) {
        newest.set(`${target.messageId} ${actor.id}`, reaction);
      }
      return { outcome: 'applied', ...place };
    });
    const changed = await this.messages.react(
      tx,
      [...newest.values()].map(({ item, target, actor, wamid }) => ({
        conversationId: target.conversationId,
        messageId: target.messageId,
        actor,
        emoji: item.effect.emoji,
        wamid,
        at: item.effect.time.at,
      })),
    );
    await this.messages.keepNewestOfBusiness(tx, changed);
    return { results, events: eventsOf(changed, drafts) };
  }
}

function eventsOf(
  changed: readonly { conversationId: string; messageId: string }[],
  drafts: ReadonlyMap<string, ThreadDraft>,
): LogEvent[] {
  const rows = new Map([...drafts.values()].map(({ row }) => [row.id, row]));
  return changed.flatMap(({ conversationId, messageId }) => {
    const row = rows.get(conversationId);
    return row ? [{ ...placeOf(row), type: 'message.updated' as const, conversationId, messageId }] : [];
  });
}

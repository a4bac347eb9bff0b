import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { placeOf } from '../conversations.repository.js';
import { amend } from './amendments.js';
import { AmendmentsRepository } from './amendments.repository.js';
import type { InboundEffect, InboundItem, ItemResult } from './inbound-item.js';
import { InboundMessagesRepository, type MessageKey } from './inbound-messages.repository.js';
import type { ThreadDraft } from './thread-draft.js';

/** An edit or a deletion whose message is known. */
export interface AmendmentItem {
  item: InboundItem<Extract<InboundEffect, { kind: 'amendment' }>>;
  wamid: string;
  target: MessageKey;
}

/** The edits and deletions of a batch. Each has a key of its own, so that a repeated one takes no effect again. */
@Injectable()
export class AmendmentItems {
  constructor(
    private readonly messages: InboundMessagesRepository,
    private readonly amendments: AmendmentsRepository,
  ) {}

  /** Applies them under the locks of their conversations, whose rows show a changed last message. */
  async apply(
    tx: Tx,
    amendments: readonly AmendmentItem[],
    drafts: ReadonlyMap<string, ThreadDraft>,
  ): Promise<{ results: ItemResult[]; events: LogEvent[] }> {
    const claimed = await this.messages.claim(
      tx,
      amendments.map(({ target, wamid }) => ({ ...target, wamid })),
    );
    const isNew = new Set(claimed.map((key) => `${key.channelId} ${key.wamid}`));
    const fresh = amendments.filter(({ item, wamid }) => isNew.has(`${item.channel.id} ${wamid}`));
    const byMessage = Map.groupBy(fresh, ({ target }) => target.messageId);
    const found = await this.amendments.find(
      tx,
      [...byMessage.values()].flatMap(([one]) => (one ? [one.target] : [])),
    );
    const amended = found.map((message) => {
      const changes = (byMessage.get(message.messageId) ?? []).map(({ item, wamid }) => ({
        wamid,
        at: item.effect.time.at,
        message: item.effect.message,
      }));
      return { ...message, ...amend(message, changes) };
    });
    await this.amendments.save(tx, amended);
    const results = amendments.map((amendment): ItemResult => {
      const { conversationId, messageId } = amendment.target;
      return { outcome: fresh.includes(amendment) ? 'applied' : 'duplicate', conversationId, messageId };
    });
    return { results, events: eventsOf(amended, drafts) };
  }
}

function eventsOf(
  changed: readonly { conversationId: string; messageId: string }[],
  drafts: ReadonlyMap<string, ThreadDraft>,
): LogEvent[] {
  const byId = new Map([...drafts.values()].map((draft) => [draft.row.id, draft]));
  return changed.flatMap(({ conversationId, messageId }) => {
    const draft = byId.get(conversationId);
    if (!draft) return [];
    // A list row shows what the message said.
    if (draft.row.lastMessageId === messageId) draft.touch();
    return [{ ...placeOf(draft.row), type: 'message.updated' as const, conversationId, messageId }];
  });
}

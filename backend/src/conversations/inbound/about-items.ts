import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { AmendmentItems } from './amendment-items.js';
import type { InboundItem, ItemResult } from './inbound-item.js';
import { InboundMessagesRepository, type MessageKey } from './inbound-messages.repository.js';
import { isOfKind, keyText, type Results, targetOf } from './item-kinds.js';
import { BUSINESS, ReactionItems } from './reaction-items.js';
import type { ThreadDraft } from './thread-draft.js';

/** What a batch knows when its messages are written. */
interface Known {
  /** Keys that stood before the batch. */
  known: ReadonlyMap<string, MessageKey>;
  contactOf: ReadonlyMap<InboundItem, string>;
  drafts: ReadonlyMap<string, ThreadDraft>;
}

/** Items of a batch that are about a message: reactions, edits and deletions. The message may stand in the same batch. */
@Injectable()
export class AboutItems {
  constructor(
    private readonly messages: InboundMessagesRepository,
    private readonly reactions: ReactionItems,
    private readonly amendments: AmendmentItems,
  ) {}

  /** To be called once the batch's own messages are written; notes the results and says what the log learns. */
  async apply(
    tx: Tx,
    items: readonly InboundItem[],
    { known, contactOf, drafts }: Known,
    results: Results,
  ): Promise<LogEvent[]> {
    const targets = await this.withTargetsOfBatch(tx, items, known);
    const targetOfItem = (item: InboundItem): MessageKey | undefined =>
      targets.get(keyText(item.channel.id, targetOf(item.effect) ?? ''));
    const reactions = items.filter(isOfKind('reaction')).flatMap((item) => {
      const target = targetOfItem(item);
      const contactId = contactOf.get(item);
      const actor = item.effect.actor === null ? BUSINESS : contactId && { type: 'contact' as const, id: contactId };
      return target && actor && item.wamid !== null ? [{ item, wamid: item.wamid, target, actor }] : [];
    });
    const amendments = items.filter(isOfKind('amendment')).flatMap((item) => {
      const target = targetOfItem(item);
      return target && item.wamid !== null ? [{ item, wamid: item.wamid, target }] : [];
    });
    const reacted = await this.reactions.apply(tx, reactions, drafts);
    note(reactions, reacted.results, results);
    const amended = await this.amendments.apply(tx, amendments, drafts);
    note(amendments, amended.results, results);
    return [...reacted.events, ...amended.events];
  }

  /** What was known before, and of what this batch has brought whatever its own items are about. */
  private async withTargetsOfBatch(
    tx: Tx,
    items: readonly InboundItem[],
    known: ReadonlyMap<string, MessageKey>,
  ): Promise<ReadonlyMap<string, MessageKey>> {
    const wanted = items.flatMap(({ channel, effect }) => {
      const wamid = targetOf(effect);
      return wamid === null || known.has(keyText(channel.id, wamid)) ? [] : [{ channelId: channel.id, wamid }];
    });
    const brought = await this.messages.known(tx, wanted);
    return new Map([...known, ...brought.map((key) => [keyText(key.channelId, key.wamid), key] as const)]);
  }
}

function note(about: readonly { item: InboundItem }[], outcomes: readonly ItemResult[], results: Results): void {
  for (const [index, { item }] of about.entries()) {
    const outcome = outcomes[index];
    if (outcome) results.set(item, outcome);
  }
}

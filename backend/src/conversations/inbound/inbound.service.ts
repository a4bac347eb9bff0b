import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { Database, type Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { LogRepository } from '../../log/log.repository.js';
import { placeOf, updatedEvent } from '../conversations.repository.js';
import { OwnershipRepository } from '../ownership.repository.js';
import { StatusItems, type MeetingPoint } from '../statuses/status-items.js';
import { IdentitiesRepository } from './identities.repository.js';
import { type IdentityPlan, keysOf, keysOfChange } from './identity-plan.js';
import type { InboundEffect, InboundItem, ItemResult } from './inbound-item.js';
import { InboundMessagesRepository, type MessageKey, type NoticeRow } from './inbound-messages.repository.js';
import { ReactionItems } from './reaction-items.js';
import type { ThreadDraft } from './thread-draft.js';
import { threadKeyText, type ThreadKey, ThreadsRepository } from './threads.repository.js';
import { WaitingItemsRepository } from './waiting-items.repository.js';

type ItemOf<Kind extends InboundEffect['kind']> = InboundItem<Extract<InboundEffect, { kind: Kind }>>;
type MessageItem = ItemOf<'message'> | ItemOf<'echo'>;
type Results = Map<InboundItem, ItemResult>;

const NOBODY: ItemResult = { outcome: 'kept', reason: 'nobody is named as its sender or recipient' };
const isOfKind =
  <Kind extends InboundEffect['kind']>(kind: Kind) =>
  (item: InboundItem): item is ItemOf<Kind> =>
    item.effect.kind === kind;
const isMessage = (item: InboundItem): item is MessageItem =>
  item.effect.kind === 'message' || item.effect.kind === 'echo';
const keyText = (channelId: string, wamid: string): string => `${channelId} ${wamid}`;

/**
 * Puts a batch of items into the conversations, one statement per table over arrays, in the one lock order: status
 * heads, identities, conversations by id, keys, messages, the rest, the log. Every item's effect and its dedup key are
 * written in the caller's transaction.
 */
@Injectable()
export class InboundService {
  constructor(
    private readonly database: Database,
    private readonly statusItems: StatusItems,
    private readonly reactionItems: ReactionItems,
    private readonly identities: IdentitiesRepository,
    private readonly threads: ThreadsRepository,
    private readonly messages: InboundMessagesRepository,
    private readonly ownership: OwnershipRepository,
    private readonly waiting: WaitingItemsRepository,
    private readonly log: LogRepository,
  ) {}

  /** Applies the items in their order; the results stand in the same order. */
  async applyBatch(tx: Tx, items: readonly InboundItem[], presentAgentIds: ReadonlySet<string>): Promise<ItemResult[]> {
    const results: Results = new Map();
    const statuses = items.filter(isOfKind('status'));
    const heads = await this.statusItems.meet(tx, statuses, meetingPoints(items));
    const known = await this.knownKeys(tx, items);
    const fresh = this.withoutDuplicates(items, known, results);

    const { plan, contactOf } = await this.identify(tx, fresh, known, results);
    const drafts = await this.lockThreads(tx, fresh, known, plan, contactOf, results);
    const now = await this.database.now(tx);
    await this.placeMessages(tx, fresh, contactOf, drafts, presentAgentIds, results);
    const reacted = await this.react(tx, fresh, known, contactOf, drafts, results);
    await this.messages.notice(
      tx,
      items.filter(isOfKind('notice')).map((item) => toNotice(item, results)),
    );

    const changed = [...drafts.values()].filter((draft) => draft.isChanged);
    await this.messages.insert(
      tx,
      changed.flatMap((draft) => draft.messages),
      now,
    );
    await this.threads.save(tx, changed, now);
    const settled = await this.statusItems.settle(tx, statuses, heads);
    for (const [index, item] of statuses.entries()) results.set(item, settled[index] ?? NOBODY);
    await this.log.append(tx, [...changed.flatMap(eventsOf), ...(await this.superseded(tx, changed, now)), ...reacted]);
    return items.map((item) => results.get(item) ?? NOBODY);
  }

  /** Of all wamids that the batch names: messages, what they react to. */
  private async knownKeys(tx: Tx, items: readonly InboundItem[]): Promise<Map<string, MessageKey>> {
    const asked = new Map<string, { channelId: string; wamid: string }>();
    for (const { channel, wamid, effect } of items) {
      const named = effect.kind === 'reaction' ? [wamid, effect.targetWamid] : effect.kind === 'status' ? [] : [wamid];
      for (const one of named)
        if (one !== null) asked.set(keyText(channel.id, one), { channelId: channel.id, wamid: one });
    }
    const keys = await this.messages.known(tx, [...asked.values()]);
    return new Map(keys.map((key) => [keyText(key.channelId, key.wamid), key]));
  }

  /** Items with a wamid that is neither stored nor earlier in this batch. */
  private withoutDuplicates(
    items: readonly InboundItem[],
    known: ReadonlyMap<string, MessageKey>,
    results: Results,
  ): InboundItem[] {
    const seen = new Set<string>();
    return items.filter((item) => {
      if (item.wamid === null || item.effect.kind === 'status' || item.effect.kind === 'notice') return true;
      const text = keyText(item.channel.id, item.wamid);
      const stored = known.get(text);
      if (!stored && !seen.has(text)) {
        seen.add(text);
        return true;
      }
      results.set(item, {
        outcome: 'duplicate',
        ...(stored ? { conversationId: stored.conversationId, messageId: stored.messageId } : {}),
      });
      return false;
    });
  }

  /** Who is behind each item; items whose target is unknown wait before anybody is made for them. */
  private async identify(
    tx: Tx,
    items: readonly InboundItem[],
    known: ReadonlyMap<string, MessageKey>,
    results: Results,
  ): Promise<{ plan: IdentityPlan; contactOf: Map<InboundItem, string> }> {
    const plan = await this.identities.plan(
      tx,
      items.flatMap(({ effect, channel }) => {
        if (effect.kind === 'identity') return keysOfChange(effect.change, channel.portfolioId);
        const person = personOf(effect);
        return person ? keysOf(person, channel.portfolioId) : [];
      }),
    );
    const contactOf = new Map<InboundItem, string>();
    for (const item of items) {
      const { effect, channel } = item;
      if (effect.kind === 'reaction' && !known.has(keyText(channel.id, effect.targetWamid))) {
        results.set(item, { outcome: 'waiting', waitingFor: effect.targetWamid });
        continue;
      }
      const person = personOf(effect);
      const contactId =
        effect.kind === 'identity'
          ? plan.rekey(effect.change, channel.portfolioId)
          : person && plan.resolve(person, channel.portfolioId);
      if (contactId) contactOf.set(item, contactId);
      else if (effect.kind === 'identity') {
        results.set(item, { outcome: 'kept', reason: 'nobody is known by the previous ids' });
      }
    }
    await this.identities.save(tx, plan);
    return { plan, contactOf };
  }

  private async lockThreads(
    tx: Tx,
    items: readonly InboundItem[],
    known: ReadonlyMap<string, MessageKey>,
    plan: IdentityPlan,
    contactOf: ReadonlyMap<InboundItem, string>,
    results: Results,
  ): Promise<Map<string, ThreadDraft>> {
    const keys = items.filter(isMessage).flatMap((item) => {
      const key = threadKeyOf(item, contactOf);
      return key ? [key] : [];
    });
    const targets = items.filter(isOfKind('reaction')).flatMap((item) => {
      const target = known.get(keyText(item.channel.id, item.effect.targetWamid));
      return target ? [target.conversationId] : [];
    });
    const rekeyed = items.filter(isOfKind('identity'));
    const rekeyedIds = rekeyed.flatMap((item) => contactOf.get(item) ?? []);
    const theirs = await this.threads.ofContacts(tx, [...new Set([...rekeyedIds, ...plan.changedContactIds])]);
    const drafts = await this.threads.lock(tx, keys, [...targets, ...theirs]);
    for (const draft of drafts.values()) {
      // Name and number are part of the conversation's payload.
      if (draft.row.contactId !== null && plan.changedContactIds.has(draft.row.contactId)) draft.touch();
    }
    for (const item of rekeyed) {
      const contactId = contactOf.get(item);
      if (contactId === undefined) continue;
      results.set(item, { outcome: 'applied' });
      if (!item.effect.change.numberChanged) continue;
      for (const draft of drafts.values()) if (draft.row.contactId === contactId) draft.noteNumberChange();
    }
    return drafts;
  }

  /** Claims the keys, then places what is new in the order of the batch. */
  private async placeMessages(
    tx: Tx,
    items: readonly InboundItem[],
    contactOf: ReadonlyMap<InboundItem, string>,
    drafts: ReadonlyMap<string, ThreadDraft>,
    presentAgentIds: ReadonlySet<string>,
    results: Results,
  ): Promise<void> {
    const candidates = items.filter(isMessage).flatMap((item) => {
      const key = threadKeyOf(item, contactOf);
      const draft = key && drafts.get(threadKeyText(key));
      return draft && item.wamid !== null ? [{ item, draft, wamid: item.wamid, messageId: newId() }] : [];
    });
    const claimed = await this.messages.claim(
      tx,
      candidates.map(({ item, draft, wamid, messageId }) => ({
        channelId: item.channel.id,
        wamid,
        conversationId: draft.row.id,
        messageId,
      })),
    );
    const isNew = new Set(claimed.map((key) => keyText(key.channelId, key.wamid)));
    for (const { item, draft, wamid, messageId } of candidates) {
      if (!isNew.has(keyText(item.channel.id, wamid))) {
        results.set(item, { outcome: 'duplicate' });
        continue;
      }
      const { effect, channel } = item;
      const arrival = { messageId, wamid, time: effect.time, message: effect.message };
      if (effect.kind === 'message') {
        const sender = { type: 'contact' as const, id: contactOf.get(item) ?? null };
        draft.admit(
          { ...arrival, direction: 'inbound', sender, opensWindow: effect.opensWindow },
          { botEnabled: channel.botEnabled, presentAgentIds },
        );
      } else {
        const sender = { type: 'system' as const, id: null };
        draft.echo({ ...arrival, direction: 'outbound', sender, opensWindow: false }, effect.byPerson);
      }
      results.set(item, { outcome: 'applied', conversationId: draft.row.id, messageId });
    }
    await this.waiting.wake(tx, claimed);
  }

  private async react(
    tx: Tx,
    items: readonly InboundItem[],
    known: ReadonlyMap<string, MessageKey>,
    contactOf: ReadonlyMap<InboundItem, string>,
    drafts: ReadonlyMap<string, ThreadDraft>,
    results: Results,
  ): Promise<LogEvent[]> {
    const reactions = items.filter(isOfKind('reaction')).flatMap((item) => {
      const target = known.get(keyText(item.channel.id, item.effect.targetWamid));
      const actorId = contactOf.get(item);
      return target && actorId !== undefined && item.wamid !== null
        ? [{ item, wamid: item.wamid, target, actorId }]
        : [];
    });
    const { results: outcomes, events } = await this.reactionItems.apply(tx, reactions, drafts);
    for (const [index, { item }] of reactions.entries()) results.set(item, outcomes[index] ?? NOBODY);
    return events;
  }

  private async superseded(tx: Tx, drafts: readonly ThreadDraft[], now: Date): Promise<LogEvent[]> {
    const events: LogEvent[] = [];
    for (const { row, supersedesBot } of drafts) {
      if (!supersedesBot) continue;
      for (const messageId of await this.ownership.supersedeBotMessages(tx, row.id, now)) {
        events.push({ ...placeOf(row), type: 'message.updated', conversationId: row.id, messageId });
      }
    }
    return events;
  }
}

const personOf = (effect: InboundEffect) =>
  effect.kind === 'message'
    ? effect.sender
    : effect.kind === 'echo'
      ? effect.recipient
      : effect.kind === 'reaction'
        ? effect.actor
        : null;

/** Where others may learn of the same wamid at the same moment: the head that all of them upsert first. */
function meetingPoints(items: readonly InboundItem[]): MeetingPoint[] {
  return items.flatMap(({ channel, wamid, effect }): MeetingPoint[] => {
    if (effect.kind === 'echo' && wamid !== null) return [{ channelId: channel.id, wamid, sentAt: effect.time.at }];
    if (effect.kind === 'reaction') return [{ channelId: channel.id, wamid: effect.targetWamid, sentAt: null }];
    return [];
  });
}

function threadKeyOf(item: MessageItem, contactOf: ReadonlyMap<InboundItem, string>): ThreadKey | null {
  const { channel, effect } = item;
  const contactId = contactOf.get(item) ?? null;
  const { groupId } = effect;
  if (contactId === null && groupId === null) return null;
  // A thread begun from the phone app waits for nobody; groups are never the bot's.
  const statusWhenNew =
    effect.kind === 'echo' ? 'resolved' : channel.botEnabled && groupId === null ? 'pending' : 'open';
  return { channelId: channel.id, contactId: groupId === null ? contactId : null, groupId, statusWhenNew };
}

function toNotice(item: ItemOf<'notice'>, results: Results): NoticeRow {
  results.set(item, { outcome: 'applied' });
  const { code, title, detail } = item.effect;
  return {
    deliveryId: item.key.deliveryId,
    ordinal: item.key.ordinal,
    channelId: item.channel.id,
    code,
    title,
    detail,
  };
}

const eventsOf = ({ before, row, messages, lines }: ThreadDraft): LogEvent[] => [
  ...messages.map(({ messageId }) => ({
    ...placeOf(row),
    type: 'message.created' as const,
    conversationId: row.id,
    messageId,
  })),
  ...lines.map(({ id }) => ({
    ...placeOf(row),
    type: 'timeline.created' as const,
    conversationId: row.id,
    messageId: id,
  })),
  updatedEvent(before, row),
];

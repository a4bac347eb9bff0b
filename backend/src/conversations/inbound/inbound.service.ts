import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { Database, type Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { LogRepository } from '../../log/log.repository.js';
import { placeOf, updatedEvent } from '../conversations.repository.js';
import { type ConversationRow, SYSTEM } from '../conversation.row.js';
import { OwnershipRepository } from '../ownership/ownership.repository.js';
import { StatusItems } from '../statuses/status-items.js';
import { AnswerItems, type AnswerPlan } from '../answers/answer-items.js';
import { AboutItems } from './about-items.js';
import { CallItems } from './call-items.js';
import { HistoryItems } from './history-items.js';
import { Identification } from './identification.js';
import type { IdentityPlan } from './identity-plan.js';
import type { InboundItem, ItemResult } from './inbound-item.js';
import { InboundFilesRepository } from './inbound-files.repository.js';
import { InboundMessagesRepository, type MessageKey, type NoticeRow } from './inbound-messages.repository.js';
import { isMessage, isOfKind, type ItemOf, keyText, type Results, targetOf } from './item-kinds.js';
import { MarketingStops } from './marketing-stops.js';
import { type NewsOfPeople, PersonItems } from './person-items.js';
import { hasOneEffect, meetingPoints, threadKeyOf } from './item-places.js';
import { isAboutMarketing } from './person-state.js';
import type { ThreadDraft } from './thread-draft.js';
import { threadKeyText, ThreadsRepository } from './threads.repository.js';
import { WaitingItemsRepository } from './waiting-items.repository.js';

const NOBODY: ItemResult = { outcome: 'kept', reason: 'nobody is named as its sender or recipient' };

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
    private readonly aboutItems: AboutItems,
    private readonly callItems: CallItems,
    private readonly history: HistoryItems,
    private readonly answers: AnswerItems,
    private readonly people: PersonItems,
    private readonly stops: MarketingStops,
    private readonly senders: Identification,
    private readonly threads: ThreadsRepository,
    private readonly messages: InboundMessagesRepository,
    private readonly files: InboundFilesRepository,
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
    const fresh = this.withoutDuplicates(this.history.withoutFiles(items, results), known, results);
    const repeated = items.filter(
      (item) => item.effect.kind === 'history' && results.get(item)?.outcome === 'duplicate',
    );

    const { plan, contactOf } = await this.senders.identify(tx, fresh, known, results);
    const answered = await this.answers.prepare(tx, fresh, contactOf);
    const refused = await this.stops.toldBy(tx, statuses, fresh.filter(isOfKind('echo')), heads, contactOf);
    const news = await this.people.keep(tx, fresh, contactOf, refused, results);
    const drafts = await this.lockThreads(tx, fresh, repeated, known, plan, answered, news, contactOf);
    await this.people.tell(tx, fresh, news, contactOf, drafts, results);
    const now = await this.database.now(tx);
    await this.placeMessages(tx, fresh, contactOf, drafts, presentAgentIds, results);
    const placed = [...drafts.values()].flatMap((draft) => draft.messages);
    await this.messages.insert(tx, placed, await this.files.note(tx, placed, now), now);
    await this.answers.apply(tx, fresh, answered, contactOf, drafts, results);
    const joined = await this.history.join(tx, repeated, drafts, results, now);
    const draftOf = (item: InboundItem): ThreadDraft | undefined => {
      const key = threadKeyOf(item, contactOf);
      return key ? drafts.get(threadKeyText(key)) : undefined;
    };
    const calls = fresh.filter(isOfKind('call'));
    const called = await this.callItems.apply(tx, calls, draftOf, drafts, presentAgentIds, results);
    const told = await this.aboutItems.apply(tx, fresh, { known, contactOf, drafts }, results);
    await this.messages.notice(
      tx,
      items.filter(isOfKind('notice')).map((item) => toNotice(item, results)),
    );

    await this.history.advance(tx, items, repeated, results, now);
    const changed = [...drafts.values()].filter((draft) => draft.isChanged);
    await this.threads.save(tx, changed, now);
    const settled = await this.statusItems.settle(tx, statuses, heads);
    for (const [index, item] of statuses.entries()) results.set(item, settled[index] ?? NOBODY);
    await this.log.append(tx, [
      ...changed.flatMap(eventsOf),
      ...(await this.superseded(tx, changed, now)),
      ...called,
      ...joined,
      ...told,
      ...(await this.stops.retell(tx, wishesChanged(news, drafts))),
    ]);
    return items.map((item) => results.get(item) ?? NOBODY);
  }

  /** Of all wamids that the batch names: messages, what they react to, what they change. */
  private async knownKeys(tx: Tx, items: readonly InboundItem[]): Promise<Map<string, MessageKey>> {
    const asked = new Map<string, { channelId: string; wamid: string }>();
    for (const { channel, wamid, effect } of items) {
      const named = effect.kind === 'status' ? [] : [wamid, targetOf(effect)];
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
      if (item.wamid === null || !hasOneEffect(item.effect)) return true;
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

  private async lockThreads(
    tx: Tx,
    items: readonly InboundItem[],
    repeated: readonly InboundItem[],
    known: ReadonlyMap<string, MessageKey>,
    plan: IdentityPlan,
    answered: AnswerPlan,
    news: NewsOfPeople,
    contactOf: ReadonlyMap<InboundItem, string>,
  ): Promise<Map<string, ThreadDraft>> {
    const keys = items.flatMap((item) => {
      const key = threadKeyOf(item, contactOf);
      return key ? [key] : [];
    });
    const targets = [...items, ...repeated].flatMap(({ channel, wamid, effect }) => {
      const target = effect.kind === 'call' || effect.kind === 'history' ? wamid : targetOf(effect);
      return (target !== null && known.get(keyText(channel.id, target))?.conversationId) || [];
    });
    const changes = items.filter(({ effect }) => effect.kind === 'identity' || effect.kind === 'security');
    const changed = changes.flatMap((item) => contactOf.get(item) ?? []);
    const theirs = await this.threads.ofContacts(tx, [
      ...new Set([...changed, ...plan.changedContactIds, ...answered.contacts.keys(), ...news.keys()]),
    ]);
    const drafts = await this.threads.lock(tx, keys, [...targets, ...theirs]);
    await this.readLastTimes(tx, items, drafts);
    for (const draft of drafts.values()) {
      // Name and number are part of the conversation's payload.
      if (draft.row.contactId !== null && plan.changedContactIds.has(draft.row.contactId)) draft.touch();
    }
    return drafts;
  }

  /** The history alone has to know what is newer than itself. */
  private async readLastTimes(
    tx: Tx,
    items: readonly InboundItem[],
    drafts: ReadonlyMap<string, ThreadDraft>,
  ): Promise<void> {
    if (!items.some(isOfKind('history'))) return;
    const ids = [...drafts.values()].map(({ row }) => row.id);
    const times = await this.threads.lastMessageTimes(tx, ids);
    for (const draft of drafts.values()) draft.lastMessageAt = times.get(draft.row.id) ?? null;
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
        const inbound = { ...arrival, direction: 'inbound' as const, sender, opensWindow: effect.opensWindow };
        if (effect.isStandby) draft.overhear({ ...inbound, origin: 'standby' });
        else draft.admit(inbound, { botEnabled: channel.botEnabled, presentAgentIds });
      } else if (effect.kind === 'history') {
        const sender = effect.isOurs ? SYSTEM : { type: 'contact' as const, id: contactOf.get(item) ?? null };
        const direction = effect.isOurs ? 'outbound' : 'inbound';
        draft.recall({
          ...arrival,
          direction,
          sender,
          opensWindow: false,
          origin: 'history',
          status: effect.status,
        });
      } else {
        const sender = { type: 'system' as const, id: null };
        draft.echo({ ...arrival, direction: 'outbound', sender, opensWindow: false }, effect.byPerson);
      }
      results.set(item, { outcome: 'applied', conversationId: draft.row.id, messageId });
    }
    await this.waiting.wake(tx, claimed);
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

/** Threads of who stopped marketing, or wants it again. */
const wishesChanged = (news: NewsOfPeople, drafts: ReadonlyMap<string, ThreadDraft>): ConversationRow[] =>
  [...drafts.values()]
    .map(({ row }) => row)
    .filter(({ contactId }) => contactId !== null && (news.get(contactId) ?? []).some(isAboutMarketing));

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

import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ConversationsReader } from '../conversations/conversations.reader.js';
import { Database, type Tx } from '../database/database.js';
import { LogConsumer } from '../log/log-consumer.js';
import type { LogRow } from '../log/log-stream.repository.js';
import { LogRepository } from '../log/log.repository.js';
import { NewsRepository, type EntryRef, type MentionRef } from './news.repository.js';
import type { NewNotification, Touched } from './notification-rows.js';
import { NotificationsRepository } from './notifications.repository.js';
import { PushWaker } from './push/push.waker.js';
import { PushesRepository } from './push/pushes.repository.js';

const CONSUMER = 'notifications';

/**
 * Follows the log with a position of its own and keeps what agents are told of. A page costs a handful of statements,
 * however much is in it; what they find is judged by how things stand now, so a page that comes late tells nothing stale.
 */
@Injectable()
export class NotificationsFollower implements OnApplicationBootstrap {
  constructor(
    private readonly consumer: LogConsumer,
    private readonly reader: ConversationsReader,
    private readonly news: NewsRepository,
    private readonly notifications: NotificationsRepository,
    private readonly log: LogRepository,
    private readonly database: Database,
    private readonly pushes: PushesRepository,
    private readonly waker: PushWaker,
  ) {}

  onApplicationBootstrap(): void {
    this.consumer.follow(CONSUMER, (tx, events) => this.note(tx, events));
  }

  /** Part of the transaction that moves the consumer's position. */
  async note(tx: Tx, events: readonly LogRow[]): Promise<void> {
    const touched: Touched = new Map();
    const touch = (agentIds: readonly string[]): void => {
      for (const agentId of agentIds) if (!touched.has(agentId)) touched.set(agentId, new Set());
    };
    await this.notifications.follow(tx, threadsOf(events, 'conversation.merged'));
    touch(await this.notifications.settle(tx, changedThreads(events), agentsOf(events, 'access.changed')));
    touch(await this.notifications.readWithThread(tx, readsOf(events)));
    await this.tell(tx, await this.findNews(tx, events), touched);
  }

  /** Keeps what is new, and tells the screens of everybody whose notifications changed. */
  async tell(tx: Tx, news: readonly NewNotification[], touched: Touched = new Map()): Promise<void> {
    await this.notifications.add(tx, news);
    if ((await this.pushes.plan(tx, news)) > 0) this.database.afterCommit(tx, () => this.waker.wake());
    for (const { agentId, kind } of news) touched.set(agentId, (touched.get(agentId) ?? new Set()).add(kind));
    await this.log.append(
      tx,
      [...touched].map(([agentId, kinds]) => ({ type: 'notifications.updated', agentId, data: { kinds: [...kinds] } })),
    );
  }

  private async findNews(tx: Tx, events: readonly LogRow[]): Promise<NewNotification[]> {
    const lines = refsOf(events, 'timeline.created');
    return [
      ...(await this.news.messages(tx, refsOf(events, 'message.created'))),
      ...(await this.news.failures(tx, refsOf(events, 'message.updated'))),
      ...(await this.news.assignments(tx, lines)),
      ...(await this.news.entrances(tx, lines)),
      ...(await this.news.mentions(tx, await this.mentionsIn(tx, events))),
    ];
  }

  /** Who was named in notes that still name them. */
  private async mentionsIn(tx: Tx, events: readonly LogRow[]): Promise<MentionRef[]> {
    const named = events.filter(({ type, agentId }) => type === 'mention.created' && agentId !== null);
    if (named.length === 0) return [];
    const notes = await this.reader.notes(
      named.map(({ conversationId, messageId }) => ({
        conversationId: conversationId ?? '',
        noteId: messageId ?? '',
      })),
      tx,
    );
    return named.flatMap(({ agentId, conversationId, messageId, createdAt }) => {
      const note = notes.get(messageId ?? '');
      if (!agentId || !conversationId || !note?.author.id || !note.mentions.some(({ id }) => id === agentId)) return [];
      return [{ agentId, conversationId, noteId: note.id, authorId: note.author.id, at: createdAt }];
    });
  }
}

/** Each once, as entries of their conversations. */
function refsOf(events: readonly LogRow[], wanted: LogRow['type']): EntryRef[] {
  const refs = new Map<string, EntryRef>();
  for (const { type, conversationId, messageId } of events) {
    if (type === wanted && conversationId && messageId) refs.set(messageId, { conversationId, entryId: messageId });
  }
  return [...refs.values()];
}

const threadsOf = (events: readonly LogRow[], wanted: LogRow['type']): string[] => [
  ...new Set(events.flatMap(({ type, conversationId }) => (type === wanted && conversationId ? [conversationId] : []))),
];
const changedThreads = (events: readonly LogRow[]): string[] => [
  ...threadsOf(events, 'conversation.updated'),
  ...threadsOf(events, 'conversation.merged'),
];
const agentsOf = (events: readonly LogRow[], wanted: LogRow['type']): string[] => [
  ...new Set(events.flatMap(({ type, agentId }) => (type === wanted && agentId ? [agentId] : []))),
];
/** Who marks a thread as unread has read nothing of what it told them. */
const readsOf = (events: readonly LogRow[]): { agentId: string; conversationId: string }[] =>
  events.flatMap(({ type, agentId, conversationId, data }) =>
    type === 'read.updated' && data?.['isRewind'] !== true && agentId && conversationId
      ? [{ agentId, conversationId }]
      : [],
  );

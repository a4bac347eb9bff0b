import type { Conversation, MessageList } from '@parley/contract';
import type { DurableEvent } from '../../../realtime/sync-client.js';
import { ConversationCache } from './conversation-cache.js';
import { ThreadLog } from './thread-log.js';

/** Hears what changed, to redraw it or to fetch what is missing. */
export interface InboxListener {
  conversationsChanged(): void;
  threadChanged(conversationId: string): void;
  /** A message arrived or was told of, and one up to it did not arrive. */
  gapFound(conversationId: string): void;
  merged(from: string, into: string): void;
  /** A push brought a conversation that no answer did: how much of it this agent has read is not known. */
  unreadUnknown(conversationId: string): void;
}

/** Everything durable that the inbox shows, and how each event of the stream changes it. Framework-free. */
export class InboxState {
  readonly conversations = new ConversationCache();
  private readonly logs = new Map<string, ThreadLog>();

  constructor(private readonly listener: InboxListener) {}

  thread(conversationId: string): ThreadLog | undefined {
    return this.logs.get(conversationId);
  }

  /** The log of a thread, from now on kept up to date by the stream. */
  openThread(conversationId: string): ThreadLog {
    const known = this.logs.get(conversationId);
    const log = known ?? new ThreadLog();
    // Re-inserted at the end: the first of the map is the one that was opened longest ago.
    this.logs.delete(conversationId);
    this.logs.set(conversationId, log);
    return log;
  }

  /** The first page of an opened thread; what was pushed meanwhile may stand above a hole. */
  applyFirstPage(conversationId: string, log: ThreadLog, page: MessageList): void {
    log.applyFirst(page);
    if (log.hasGap) this.listener.gapFound(conversationId);
  }

  /** Forgets a log whose first page did not come, unless another took its place. */
  dropThread(conversationId: string, log: ThreadLog): void {
    if (this.logs.get(conversationId) === log) this.logs.delete(conversationId);
  }

  /** Forgets the threads opened longest ago. */
  trimThreads(keep: number): void {
    for (const id of [...this.logs.keys()].slice(0, Math.max(0, this.logs.size - keep))) this.logs.delete(id);
  }

  reset(): void {
    this.conversations.clear();
    this.logs.clear();
    this.listener.conversationsChanged();
  }

  apply(event: DurableEvent): void {
    switch (event.type) {
      case 'conversation:updated':
        this.applyConversation(event.payload);
        break;
      case 'read:updated':
        if (this.conversations.applyRead(event.payload)) this.listener.conversationsChanged();
        break;
      case 'conversation:hidden':
        this.forget(event.payload.id);
        break;
      case 'conversation:merged':
        this.forget(event.payload.from);
        // The survivor's thread took in messages under new numbers: what is here of it is no longer whole.
        this.logs.delete(event.payload.into);
        this.listener.merged(event.payload.from, event.payload.into);
        break;
      case 'message:created':
      case 'message:updated':
        if (this.conversations.applyLastMessage(event.payload)) this.listener.conversationsChanged();
        this.applyToThread(event.payload.conversationId, (log) => log.apply(event.payload));
        break;
      case 'note:created':
      case 'note:updated':
        this.applyToThread(event.payload.conversationId, (log) => log.applyNote(event.payload));
        break;
      case 'timeline:created':
        this.applyToThread(event.payload.conversationId, (log) => log.applyLine(event.payload));
        break;
      case 'draft:updated':
      case 'mention:created':
      case 'notifications:updated':
      case 'templates:changed':
      case 'channels:changed':
        // Other stores' business.
        break;
    }
  }

  private applyConversation(conversation: Conversation): void {
    if (!this.conversations.apply(conversation)) return;
    this.listener.conversationsChanged();
    if (this.conversations.get(conversation.id)?.unreadCount === undefined) {
      this.listener.unreadUnknown(conversation.id);
    }
    const log = this.logs.get(conversation.id);
    log?.tellLast(conversation.lastSeq);
    if (log?.hasGap) this.listener.gapFound(conversation.id);
  }

  private applyToThread(conversationId: string, apply: (log: ThreadLog) => boolean): void {
    const log = this.logs.get(conversationId);
    if (!log || !apply(log)) return;
    this.listener.threadChanged(conversationId);
    if (log.hasGap) this.listener.gapFound(conversationId);
  }

  private forget(conversationId: string): void {
    this.logs.delete(conversationId);
    if (this.conversations.remove(conversationId)) this.listener.conversationsChanged();
    this.listener.threadChanged(conversationId);
  }
}

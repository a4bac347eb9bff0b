import type { CallPermission, Conversation, TimelineEntry } from '@parley/contract';
import type { NotifyEvent } from '@parley/contract/constants';
import type { DurableEvent } from '../../realtime/sync-client.js';

/** Something that an agent may want to be told of. */
export interface News {
  /** The same for every repetition of the same happening. */
  key: string;
  event: NotifyEvent;
  conversationId: string;
  /** Who did it, where it was a person's doing. */
  by?: string;
  /** The customer's words. */
  text?: string;
  /** In place of them: what they answered to the question of calls. */
  callPermission?: CallPermission;
}

const KEPT_KEYS = 1_000;
/** Lines after which a thread may wait for somebody to take it. */
const ENTRANCES = new Set<TimelineEntry['kind']>(['opened', 'reopened', 'released', 'woken', 'bot_handed_over']);

const waitsInQueue = ({ handler, assignee, status }: Conversation): boolean =>
  handler === 'queue' && assignee === null && status === 'open';

/**
 * Reads the stream for what concerns one agent. The stream says everything at least once and in no order that may be
 * relied on within a moment, so each happening has a key, and an entrance into the queue waits for the thread's state.
 */
export class NewsReader {
  private readonly seen = new Set<string>();
  private readonly entering = new Map<string, News>();

  constructor(
    private readonly me: () => string | undefined,
    private readonly find: (id: string) => Conversation | undefined,
    private readonly fetch: (id: string) => Promise<unknown>,
    private readonly tell: (news: News) => void,
  ) {}

  read({ type, payload }: DurableEvent): void {
    switch (type) {
      case 'message:created':
        if (payload.direction !== 'inbound' || payload.type === 'reaction') return;
        void this.ifMine(payload.conversationId, {
          key: `message ${payload.id}`,
          event: 'message',
          conversationId: payload.conversationId,
          text: payload.text?.body ?? '',
          ...(payload.callPermission && { callPermission: payload.callPermission }),
        });
        return;
      case 'message:updated':
        if (payload.status !== 'failed' || payload.sender.type !== 'agent' || payload.sender.id !== this.me()) return;
        this.once({ key: `failed ${payload.id}`, event: 'failed', conversationId: payload.conversationId });
        return;
      case 'mention:created':
        this.once({
          key: `mention ${payload.noteId}`,
          event: 'mention',
          conversationId: payload.conversationId,
          by: payload.author.name,
        });
        return;
      case 'timeline:created':
        this.readLine(payload);
        return;
      case 'conversation:updated':
        this.decideEntrance(payload, true);
        return;
      default:
        // Nothing that anybody is told of.
        return;
    }
  }

  private readLine({ id, kind, conversationId, actor, target }: TimelineEntry): void {
    const isMyDoing = actor.type === 'agent' && actor.id === this.me();
    if (isMyDoing) return;
    if (kind === 'assigned' && target?.id === this.me()) {
      this.once({ key: `assigned ${id}`, event: 'assigned', conversationId, by: actor.name });
    } else if (ENTRANCES.has(kind)) {
      this.entering.set(conversationId, { key: `queue ${id}`, event: 'queue', conversationId });
      const known = this.find(conversationId);
      if (known) this.decideEntrance(known, false);
    }
  }

  private decideEntrance(conversation: Conversation, isNew: boolean): void {
    const news = this.entering.get(conversation.id);
    if (!news) return;
    const waits = waitsInQueue(conversation);
    // What is known may be older than the line; what was just pushed is not, unless the bot has yet to finish.
    if (waits || (isNew && conversation.handler === 'agent')) this.entering.delete(conversation.id);
    if (waits) this.once(news);
  }

  private async ifMine(id: string, news: News): Promise<void> {
    try {
      if (!this.find(id)) await this.fetch(id);
    } catch {
      return; // Out of sight, or nobody answers: the counts will say.
    }
    const assignee = this.find(id)?.assignee;
    if (assignee && assignee.id === this.me()) this.once(news);
  }

  private once(news: News): void {
    if (this.seen.has(news.key)) return;
    this.seen.add(news.key);
    if (this.seen.size > KEPT_KEYS)
      for (const oldest of [...this.seen].slice(0, KEPT_KEYS / 2)) this.seen.delete(oldest);
    this.tell(news);
  }
}

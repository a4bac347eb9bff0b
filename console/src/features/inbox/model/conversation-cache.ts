import type { Conversation, Message, ReadUpdate } from '@parley/contract';

/** Of two the one with more `rewinds` (marked as unread) is newer, else the one that goes further. */
type ReadCursor = Pick<ReadUpdate, 'seq' | 'readInboundCount' | 'rewinds'>;

const isPast = (known: ReadCursor, other: ReadCursor): boolean =>
  (known.rewinds - other.rewinds || known.seq - other.seq || known.readInboundCount - other.readInboundCount) >= 0;

/** All conversations that this client has heard of, each in its newest known state. */
export class ConversationCache {
  private readonly byId = new Map<string, Conversation>();
  private readonly reads = new Map<string, ReadCursor>();
  private readonly lastMessageRevs = new Map<string, number>();
  private readonly hoped = new Map<string, Partial<Conversation>>();

  get(id: string): Conversation | undefined {
    const known = this.byId.get(id);
    const hope = this.hoped.get(id);
    return known && hope ? { ...known, ...hope } : known;
  }

  values(): Conversation[] {
    const known = [...this.byId.values()];
    return this.hoped.size === 0 ? known : known.flatMap(({ id }) => this.get(id) ?? []);
  }

  /** Shows it as it will be if the server agrees; null = as it is. */
  hope(id: string, change: Partial<Conversation> | null): void {
    if (change) this.hoped.set(id, change);
    else this.hoped.delete(id);
  }

  get size(): number {
    return this.byId.size;
  }

  /** Takes a conversation from an answer or a push; only a greater `rev` is news. Returns whether anything changed. */
  apply(incoming: Conversation): boolean {
    const readMoved = this.applyOwnRead(incoming);
    const known = this.byId.get(incoming.id);
    const isNews = known === undefined || incoming.rev > known.rev;
    if (isNews || readMoved) this.byId.set(incoming.id, this.withUnread(isNews ? incoming : known));
    return isNews || readMoved;
  }

  applyRead(update: ReadUpdate): boolean {
    if (!this.moveRead(update.conversationId, update)) return false;
    const known = this.byId.get(update.conversationId);
    if (known) this.byId.set(known.id, this.withUnread(known));
    return true;
  }

  /** The ticks of a list row: a status moves the message's `rev`, not the conversation's. */
  applyLastMessage({ conversationId, id, rev, status }: Message): boolean {
    const known = this.byId.get(conversationId);
    if (known?.lastMessage?.id !== id || rev <= (this.lastMessageRevs.get(id) ?? 0)) return false;
    this.lastMessageRevs.set(id, rev);
    if (known.lastMessage.status === status) return false;
    this.byId.set(conversationId, { ...known, lastMessage: { ...known.lastMessage, status } });
    return true;
  }

  remove(id: string): boolean {
    this.reads.delete(id);
    return this.byId.delete(id);
  }

  clear(): void {
    this.byId.clear();
    this.hoped.clear();
    this.lastMessageRevs.clear();
    this.reads.clear();
  }

  /** An HTTP answer carries this agent's own read cursor; a push never does. */
  private applyOwnRead(incoming: Conversation): boolean {
    if (incoming.unreadCount === undefined) return false;
    return this.moveRead(incoming.id, {
      seq: incoming.readSeq ?? 0,
      readInboundCount: incoming.inboundCount - incoming.unreadCount,
      rewinds: incoming.readRewinds ?? 0,
    });
  }

  private moveRead(id: string, cursor: ReadCursor): boolean {
    const known = this.reads.get(id);
    if (known && isPast(known, cursor)) return false;
    this.reads.set(id, cursor);
    return true;
  }

  /** `unreadCount` follows from what came in and what was read; unknown as long as the read cursor is. */
  private withUnread(conversation: Conversation): Conversation {
    const read = this.reads.get(conversation.id);
    const unreadCount = read && Math.max(0, conversation.inboundCount - read.readInboundCount);
    return { ...conversation, unreadCount, readSeq: read?.seq, readRewinds: read?.rewinds };
  }
}

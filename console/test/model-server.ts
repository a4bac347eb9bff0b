import type { Conversation, ConversationList, Message, MessageList } from '@parley/contract';
import { byEventSecondThenSeq } from '../src/features/inbox/model/thread-log.js';
import type { DurableEvent } from '../src/realtime/sync-client.js';
import { at, conversation, message } from './builders.js';

export type Packet =
  | { kind: 'event'; event: DurableEvent }
  | { kind: 'head'; after: string; cursor: string }
  | { kind: 'answer'; cursor: string; reset: boolean };

type LogRow =
  | { of: 'conversation'; id: string }
  | { of: 'read'; id: string }
  | { of: 'message'; id: string; seq: number; isNew: boolean };

interface Room {
  conversation: Conversation;
  messages: Message[];
  visible: boolean;
  readInboundCount: number;
  readSeq: number;
  rewinds: number;
}

/** One instance's view of the log and, if a client is connected to it, the wire to that client. */
export class ModelInstance {
  tail = 0;
  wire: Packet[] | null = null;
  joined = false;
  resuming: { position: number; epoch: number } | null = null;
}

const PAGE = 3;

/** The server of the resume protocol, as small as it can be: a log, rows, and instances that tail at their own pace. */
export class ModelServer {
  readonly rooms = new Map<string, Room>();
  readonly instances = [new ModelInstance(), new ModelInstance()];
  private readonly log: LogRow[] = [];
  private epoch = 1;
  private floor = 0;

  addConversation(id: string): void {
    const room: Room = {
      conversation: conversation({ id }),
      messages: [],
      visible: true,
      readInboundCount: 0,
      readSeq: 0,
      rewinds: 0,
    };
    this.rooms.set(id, room);
    this.log.push({ of: 'conversation', id });
  }

  /** Commits several messages whose events reach the log in an order of their own. */
  commit(id: string, ages: number[], shuffle: number): void {
    const room = this.room(id);
    const rows: LogRow[] = [{ of: 'conversation', id }];
    for (const age of ages) {
      const seq = room.messages.length + 1;
      room.messages.push(message({ conversationId: id, seq, createdAt: at(Math.max(0, seq * 2 - age)) }));
      rows.push({ of: 'message', id, seq, isNew: true });
    }
    const lastSeq = room.messages.length;
    this.change(room, { lastSeq, inboundCount: lastSeq });
    for (let left = rows.length, seed = shuffle; left > 0; left--, seed = seed * 31 + 7) {
      this.log.push(...rows.splice(Math.abs(seed) % left, 1));
    }
  }

  updateMessage(id: string, pick: number): void {
    const { messages } = this.room(id);
    const index = messages.length > 0 ? pick % messages.length : -1;
    const known = messages[index];
    if (!known) return;
    messages[index] = { ...known, rev: known.rev + 1, status: 'read' };
    this.log.push({ of: 'message', id, seq: known.seq, isNew: false });
  }

  setVisible(id: string, visible: boolean): void {
    const room = this.room(id);
    if (room.visible === visible) return;
    room.visible = visible;
    this.change(room, {});
    this.log.push({ of: 'conversation', id });
  }

  read(id: string): void {
    const room = this.room(id);
    room.readInboundCount = room.conversation.inboundCount;
    room.readSeq = room.conversation.lastSeq;
    this.log.push({ of: 'read', id });
  }

  /** Marked as unread: the newest message is unread again. */
  unread(id: string): void {
    const room = this.room(id);
    const { inboundCount, lastSeq } = room.conversation;
    if (room.readInboundCount < inboundCount || inboundCount === 0) return;
    room.readInboundCount = inboundCount - 1;
    room.readSeq = lastSeq - 1;
    room.rewinds += 1;
    this.log.push({ of: 'read', id });
  }

  /** A restored back-up: every older cursor is void. */
  restore(): void {
    this.epoch += 1;
  }

  /** Retention: what is older than this is gone from the log. */
  prune(): void {
    this.floor = Math.max(this.floor, Math.min(...this.instances.map((instance) => instance.tail)));
  }

  /** One batch of the tailer: events and head without anything between. */
  tail(instance: ModelInstance, rowCount: number, duplicate: boolean): void {
    const from = instance.tail;
    instance.tail = Math.min(this.log.length, from + rowCount);
    if (!instance.joined) return;
    const rows = this.log.slice(from, instance.tail);
    for (const row of duplicate ? [...rows, ...rows] : rows) this.emit(instance, row);
    instance.wire?.push({ kind: 'head', after: this.cursor(from), cursor: this.cursor(instance.tail) });
  }

  /** A batch that never reached this socket, as when a slow client's buffer was thrown away. */
  skip(instance: ModelInstance, rowCount: number): void {
    instance.tail = Math.min(this.log.length, instance.tail + rowCount);
  }

  connect(instance: ModelInstance): Packet[] {
    return (instance.wire = []);
  }

  disconnect(instance: ModelInstance): void {
    instance.wire = null;
    instance.joined = false;
    instance.resuming = null;
  }

  startResume(instance: ModelInstance, cursor: string): void {
    const [epoch, position] = cursor.split(':').map(Number);
    instance.resuming = { epoch: epoch ?? 0, position: position ?? 0 };
  }

  /** One page of a resume; at its end the socket joins in the same step in which the answer is read. */
  stepResume(instance: ModelInstance): void {
    const { resuming } = instance;
    if (!resuming) return;
    if (resuming.epoch !== this.epoch || resuming.position < this.floor) return this.answer(instance, true);
    if (resuming.position > instance.tail) return;
    const to = Math.min(instance.tail, resuming.position + 2);
    for (const row of this.log.slice(resuming.position, to)) this.emit(instance, row);
    resuming.position = to;
    if (to === instance.tail) this.answer(instance, false);
  }

  list(): ConversationList {
    const items = [...this.rooms.values()].filter((room) => room.visible).map((room) => this.withRead(room));
    return { items, nextCursor: null, syncCursor: this.cursor(this.log.length) };
  }

  /** One conversation as an answer has it; null where this agent may not see it. */
  get(id: string): { found: Conversation | null } {
    const room = this.room(id);
    return { found: room.visible ? this.withRead(room) : null };
  }

  /** Newest first by the order of the thread; the cursor names the last message of the page before. */
  page(id: string, before: string | null): MessageList {
    const all = this.room(id).messages.toSorted(byEventSecondThenSeq).reverse();
    const start = before === null ? 0 : all.findIndex((item) => item.id === before) + 1;
    const items = all.slice(start, start + PAGE);
    const isLast = start + PAGE >= all.length;
    return {
      items,
      timeline: [],
      notes: [],
      nextCursor: isLast ? null : (items.at(-1)?.id ?? null),
      syncCursor: this.cursor(this.log.length),
    };
  }

  room(id: string): Room {
    const room = this.rooms.get(id);
    if (!room) throw new Error(`no conversation ${id}`);
    return room;
  }

  private withRead(room: Room): Conversation {
    const { conversation: row, readInboundCount, readSeq, rewinds } = room;
    return { ...row, unreadCount: row.inboundCount - readInboundCount, readSeq, readRewinds: rewinds };
  }

  private answer(instance: ModelInstance, reset: boolean): void {
    instance.resuming = null;
    instance.joined = true;
    instance.wire?.push({ kind: 'answer', cursor: this.cursor(instance.tail), reset });
  }

  private change(room: Room, over: Partial<Conversation>): void {
    room.conversation = { ...room.conversation, ...over, rev: room.conversation.rev + 1 };
  }

  /** A row names what changed; what is sent is its state now. */
  private emit(instance: ModelInstance, row: LogRow): void {
    const event = this.hydrate(row);
    if (event) instance.wire?.push({ kind: 'event', event });
  }

  private hydrate(row: LogRow): DurableEvent | null {
    const room = this.room(row.id);
    if (!room.visible)
      return row.of === 'conversation' ? { type: 'conversation:hidden', payload: { id: row.id } } : null;
    if (row.of === 'conversation') return { type: 'conversation:updated', payload: room.conversation };
    if (row.of === 'read') {
      const { readSeq: seq, readInboundCount, rewinds } = room;
      return { type: 'read:updated', payload: { conversationId: row.id, seq, readInboundCount, rewinds } };
    }
    const payload = room.messages[row.seq - 1];
    return payload ? { type: row.isNew ? 'message:created' : 'message:updated', payload } : null;
  }

  private cursor(position: number): string {
    return `${this.epoch}:${position}`;
  }
}

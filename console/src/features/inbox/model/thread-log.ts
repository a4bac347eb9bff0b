import type { Message, MessageList, Note, TimelineEntry } from '@parley/contract';

const MS_PER_SECOND = 1_000;
/** Kept, as sorting asks for each message's again and again. */
const seconds = new WeakMap<Message, number>();

function eventSecond(message: Message): number {
  let second = seconds.get(message);
  if (second === undefined) {
    second = Math.floor(Date.parse(message.createdAt) / MS_PER_SECOND);
    seconds.set(message, second);
  }
  return second;
}

/** The order of the thread: by the second of the event, then by arrival. */
export const byEventSecondThenSeq = (a: Message, b: Message): number =>
  eventSecond(a) - eventSecond(b) || a.seq - b.seq;

const greatestSeq = (page: MessageList): number => page.items.reduce((max, { seq }) => Math.max(max, seq), 0);

/** The loaded end of one conversation's thread, kept whole by `seq`. */
export class ThreadLog {
  private readonly byId = new Map<string, Message>();
  private readonly bySeq = new Map<number, Message>();
  private readonly lines = new Map<string, TimelineEntry>();
  private readonly notesById = new Map<string, Note>();
  private sorted: readonly Message[] | null = null;
  private sortedLines: readonly TimelineEntry[] | null = null;
  private sortedNotes: readonly Note[] | null = null;
  private maxSeq = 0;
  private heldThrough = 0;
  /** What the conversation says of its last message, which may have passed while the thread was out of sight. */
  private toldSeq = 0;
  private olderCursor: string | null = null;
  private loaded = false;

  /** Whether the newest page is here. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  /** Cursor of the next older page; null when the thread's beginning is here. */
  get nextOlder(): string | null {
    return this.olderCursor;
  }

  /** The highest `seq` up to which nothing newer than the loaded end's beginning is missing. */
  get heldThroughSeq(): number {
    return this.heldThrough;
  }

  /** A message is here or told of, and one up to it is not: something has to be fetched, or is about to arrive. */
  get hasGap(): boolean {
    return this.loaded && Math.max(this.maxSeq, this.toldSeq) > this.heldThrough;
  }

  get messages(): readonly Message[] {
    return (this.sorted ??= [...this.byId.values()].sort(byEventSecondThenSeq));
  }

  get timeline(): readonly TimelineEntry[] {
    return (this.sortedLines ??= [...this.lines.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt)));
  }

  get notes(): readonly Note[] {
    return (this.sortedNotes ??= [...this.notesById.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt)));
  }

  /** The message that arrived last. */
  get newest(): Message | undefined {
    return this.bySeq.get(this.maxSeq);
  }

  find(id: string): Message | undefined {
    return this.byId.get(id);
  }

  /** Takes note of the `lastSeq` of a pushed conversation. */
  tellLast(seq: number): void {
    this.toldSeq = Math.max(this.toldSeq, seq);
  }

  /** Takes a message from an answer or a push; only a greater `rev` is news. */
  apply(incoming: Message): boolean {
    const known = this.byId.get(incoming.id);
    if (known && known.rev >= incoming.rev) return false;
    this.byId.set(incoming.id, incoming);
    this.bySeq.set(incoming.seq, incoming);
    this.maxSeq = Math.max(this.maxSeq, incoming.seq);
    this.place(incoming, known);
    this.advance();
    return true;
  }

  /** Most lines never change; a call's does, and only a greater `rev` is news. */
  applyLine(entry: TimelineEntry): boolean {
    const known = this.lines.get(entry.id);
    if (known && (known.rev ?? 1) >= (entry.rev ?? 1)) return false;
    this.lines.set(entry.id, entry);
    this.sortedLines = null;
    return true;
  }

  applyNote(note: Note): boolean {
    const known = this.notesById.get(note.id);
    if (known && known.rev >= note.rev) return false;
    this.notesById.set(note.id, note);
    this.sortedNotes = null;
    return true;
  }

  /** The newest page, for the first time. */
  applyFirst(page: MessageList): void {
    this.take(page);
    this.olderCursor = page.nextCursor;
    this.loaded = true;
    this.confirmThrough(greatestSeq(page));
  }

  applyOlder(page: MessageList): void {
    this.take(page);
    this.olderCursor = page.nextCursor;
  }

  /** Reads the newest pages again, down to what was here before, after which nothing in between can be missing. */
  async refill(fetchPage: (before: string | null) => Promise<MessageList>): Promise<void> {
    const bottom = this.messages[0];
    // Read after it was told, the pages have it, or it stands on an older one.
    let through = this.toldSeq;
    let before: string | null = null;
    do {
      const page = await fetchPage(before);
      this.take(page);
      if (before === null) through = Math.max(through, greatestSeq(page));
      const oldest = page.items.at(-1);
      const reachesBottom = !oldest || !bottom || byEventSecondThenSeq(oldest, bottom) <= 0;
      before = reachesBottom ? null : page.nextCursor;
    } while (before !== null);
    this.confirmThrough(through);
  }

  /** An answer read from the server at `seq` holds all below it, or they are on an older page. */
  private confirmThrough(seq: number): void {
    this.heldThrough = Math.max(this.heldThrough, seq);
    this.advance();
  }

  /** Keeps the order where one message moves nothing: most are new at the end, or stay where they were. */
  private place(incoming: Message, known: Message | undefined): void {
    const last = this.sorted?.at(-1);
    if (!this.sorted || !last) this.sorted = null;
    else if (!known && byEventSecondThenSeq(last, incoming) < 0) this.sorted = [...this.sorted, incoming];
    else if (known && byEventSecondThenSeq(known, incoming) === 0) {
      this.sorted = this.sorted.with(this.sorted.lastIndexOf(known), incoming);
    } else this.sorted = null;
  }

  private take(page: MessageList): void {
    this.sorted = null; // once for all of them
    for (const message of page.items) this.apply(message);
    for (const entry of page.timeline) this.applyLine(entry);
    for (const note of page.notes) this.applyNote(note);
  }

  private advance(): void {
    if (!this.loaded) return;
    while (this.bySeq.has(this.heldThrough + 1)) this.heldThrough += 1;
  }
}

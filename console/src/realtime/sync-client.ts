import type { DurableEventType, DurablePayloads, SyncHead } from '@parley/contract';

/** A durable event without its own cursor, which is for `GET /api/events` only. */
export type DurableEvent = {
  [Type in DurableEventType]: { type: Type; payload: DurablePayloads[Type] };
}[DurableEventType];

/** `catching-up`: connected, but what was missed is not all here yet. */
export type SyncState = 'offline' | 'catching-up' | 'live';

/** One connection to an instance of the server. */
export interface SyncTransport {
  /** Resolves once the missed events were received in order; rejects when no answer came. */
  resume(cursor: string): Promise<{ cursor: string; reset: boolean }>;
}

export interface SyncHooks {
  /** Takes one event into the state. The same event may come again, so it must be harmless then. */
  apply(event: DurableEvent): void;
  /** All state is out of date: drop it and load anew. Loads begun before no longer count. */
  reset(): void;
  /** The connection gives no answer to a resume: end it and connect again, after a pause. */
  unanswered(): void;
  stateChanged(state: SyncState): void;
}

/**
 * What was missed is taken in so many events at a time: a screen that drew itself for each of them would need ten seconds
 * for five hundred messages.
 */
const MISSED_AT_ONCE = 250;

/**
 * The client's side of the resume protocol. Framework-free and without timers, so that a model can drive it.
 *
 * The cursor moves only on a head that follows it and on the answer to a resume; it starts as the `syncCursor` of the
 * first list, so that nothing between that list and the stream is missed.
 */
export class SyncClient {
  private cursor: string | null = null;
  private transport: SyncTransport | null = null;
  private state: SyncState = 'offline';
  private isResuming = false;
  /** Heads that arrived while a resume was under way, in order. */
  private readonly waitingHeads: SyncHead[] = [];
  /** Moves with every reset: what was asked for before it is not applied. */
  private epoch = 0;
  private seeding: Promise<unknown> | null = null;
  private markSeeded: () => void = () => undefined;
  private seeded = new Promise<void>((resolve) => (this.markSeeded = resolve));
  /** Events received while a load is under way, to be applied again after its answer. */
  private journal: DurableEvent[] = [];
  private openLoads = 0;
  /** Received while a resume is under way and not taken in yet; the cursor still stands before them. */
  private missed: DurableEvent[] = [];

  constructor(
    private readonly hooks: SyncHooks,
    private readonly missedAtOnce = MISSED_AT_ONCE,
  ) {}

  /** A new connection: nothing durable arrives on it before a resume. */
  connected(transport: SyncTransport): void {
    this.transport = transport;
    this.isResuming = false;
    this.missed = [];
    this.resume();
  }

  /** Whether there is a place in the stream to go on from, or a list is on its way that brings it. */
  get hasPlace(): boolean {
    return this.cursor !== null || this.seeding !== null;
  }

  disconnected(): void {
    this.transport = null;
    this.isResuming = false;
    this.missed = [];
    this.setState('offline');
  }

  /** Another agent may sign in here: what was learned for this one counts no more. */
  forget(): void {
    this.epoch += 1;
    this.journal = [];
    this.missed = [];
    if (this.cursor !== null) this.seeded = new Promise((resolve) => (this.markSeeded = resolve));
    this.cursor = null;
  }

  receive(event: DurableEvent): void {
    if (this.openLoads > 0) this.journal.push(event);
    this.missed.push(event);
    if (!this.isResuming || this.missed.length >= this.missedAtOnce) this.takeIn();
  }

  head(head: SyncHead): void {
    if (this.transport === null || this.cursor === null) return;
    if (this.isResuming) this.waitingHeads.push(head);
    else if (head.after === this.cursor) this.cursor = head.cursor;
    else this.resume();
  }

  /** Asks again, for when heads stay away although the connection stands. */
  resume(): void {
    if (this.transport === null || this.isResuming) return;
    this.setState('catching-up');
    if (this.cursor !== null) void this.catchUp(this.transport, this.cursor);
  }

  /**
   * Loads a list. Before there is a cursor the first list's `syncCursor` becomes it and every other load waits for
   * that one, so that each is read at or after the cursor.
   */
  async loadList<T extends { syncCursor: string }>(
    request: () => Promise<T>,
    apply: (answer: T) => void,
  ): Promise<boolean> {
    while (this.cursor === null && this.seeding !== null) await this.seeding.catch(() => undefined);
    if (this.cursor !== null) return this.applyAnswer(request, apply);
    const answering = request();
    this.seeding = answering;
    try {
      return await this.applyAnswer(
        () => answering,
        apply,
        (answer) => this.seed(answer.syncCursor),
      );
    } finally {
      this.seeding = null;
    }
  }

  /** Sends a request whose answer becomes state. Returns false when a reset made the answer worthless. */
  async load<T>(request: () => Promise<T>, apply: (answer: T) => void): Promise<boolean> {
    await this.seeded;
    return this.applyAnswer(request, apply);
  }

  /** Applies the answer, then once more the events that came between the request and it. */
  private async applyAnswer<T>(
    request: () => Promise<T>,
    apply: (answer: T) => void,
    beforeApply: (answer: T) => void = () => undefined,
  ): Promise<boolean> {
    this.takeIn();
    const { epoch } = this;
    const from = this.journal.length;
    this.openLoads += 1;
    try {
      const answer = await request();
      if (epoch !== this.epoch) return false;
      this.takeIn();
      beforeApply(answer);
      apply(answer);
      for (const event of this.journal.slice(from)) this.hooks.apply(event);
      return true;
    } finally {
      this.openLoads -= 1;
      if (this.openLoads === 0) this.journal = [];
    }
  }

  private seed(cursor: string): void {
    this.cursor = cursor;
    this.markSeeded();
    this.resume();
  }

  private async catchUp(transport: SyncTransport, cursor: string): Promise<void> {
    this.isResuming = true;
    this.waitingHeads.length = 0;
    const answer = await transport.resume(cursor).catch(() => null);
    if (transport !== this.transport) return;
    this.isResuming = false;
    if (answer === null) return this.hooks.unanswered();
    this.takeIn();
    this.cursor = answer.cursor;
    if (answer.reset) this.reset();
    this.setState('live');
    // What came before the answer is behind it; only a head that follows the answer counts.
    const heads = this.waitingHeads.splice(0);
    const next = heads.findIndex((head) => head.after === answer.cursor);
    if (next >= 0) for (const head of heads.slice(next)) this.head(head);
  }

  private takeIn(): void {
    for (const event of this.missed.splice(0)) this.hooks.apply(event);
  }

  private reset(): void {
    this.epoch += 1;
    this.journal = [];
    this.hooks.reset();
  }

  private setState(state: SyncState): void {
    if (state === this.state) return;
    this.state = state;
    this.hooks.stateChanged(state);
  }
}

import type { MessageOrigin, TimelineKind } from '@parley/contract';
import { newId } from '../../common/ids.js';
import type { Actor, ConversationRow } from '../conversation.row.js';
import { CUSTOMER_SERVICE_WINDOW_MS, SYSTEM } from '../conversation.row.js';
import { outcomeOf, type StoredCall } from './call-facts.js';
import type { EventTime, HistoryStatus, MessageContent } from './inbound-item.js';
import type { PersonNews } from './person-state.js';

/** What decides where a conversation goes when a customer writes. */
export interface ArrivalPolicy {
  botEnabled: boolean;
  /** Agents who are active and at their desk right now. */
  presentAgentIds: ReadonlySet<string>;
}

/** A message on its way into the thread. */
export interface Arrival {
  messageId: string;
  wamid: string;
  direction: 'inbound' | 'outbound';
  sender: Actor;
  time: EventTime;
  message: MessageContent;
  opensWindow: boolean;
  origin?: MessageOrigin;
  /** Of the history: how it stood on the phone. */
  status?: HistoryStatus;
}

/** A message with its place in the thread. */
export interface PlacedMessage extends Arrival {
  conversationId: string;
  channelId: string;
  caseId: string | null;
  seq: number;
  inboundNumber: number;
}

export interface DraftLine {
  id: string;
  kind: TimelineKind;
  afterSeq: number;
  actor: Actor;
  /** When it was, where that is not now. */
  at?: Date;
  /** Of a `call`. */
  call?: StoredCall;
}

/**
 * One conversation while a batch's items are put into it, under its row lock: gives numbers, moves window and
 * activity, and opens, reopens or wakes it. Nothing is written here.
 */
export class ThreadDraft {
  readonly row: ConversationRow;
  readonly messages: PlacedMessage[] = [];
  readonly lines: DraftLine[] = [];
  openedCase: { id: string; openedBy: 'contact' | 'system' } | null = null;
  /** Whether a person on the phone app took a bot's thread over: what the bot has queued is superseded. */
  supersedesBot = false;
  /** Whether there is news of it now: it goes to the top of lists. */
  isActive = false;
  /** When a thread that is known from its history alone was last active. */
  activeAt: Date | null = null;
  /** By Meta's time, where the history has to know: whatever is older than the newest message is not the last one. */
  lastMessageAt: Date | null = null;
  private touched = false;

  constructor(
    readonly before: ConversationRow,
    private readonly isNew: boolean,
  ) {
    this.row = { ...before };
    if (isNew && before.status !== 'resolved') {
      this.lines.push(this.line('opened', this.customer));
      this.openCase('contact');
    }
  }

  get isChanged(): boolean {
    return this.touched || this.messages.length > 0 || this.lines.length > 0;
  }

  /** Whether intent changed: status or owner. */
  get movesVersion(): boolean {
    return this.row.status !== this.before.status || this.row.assigneeId !== this.before.assigneeId;
  }

  /** A customer's message. */
  admit(arrival: Arrival, policy: ArrivalPolicy): void {
    if (this.row.status === 'resolved') this.reopen(policy);
    else if (this.row.status === 'snoozed') this.wake();
    this.row.inboundCount += 1;
    const placed = this.place(arrival);
    this.row.lastInboundSeq = placed.seq;
    this.row.waitingSince ??= arrival.time.at;
    if (arrival.opensWindow) this.openWindow(arrival.time.at);
  }

  /** What a customer wrote while another system has the conversation: seen, counted, and left alone. */
  overhear(arrival: Arrival): void {
    this.row.inboundCount += 1;
    this.row.lastInboundSeq = this.place(arrival).seq;
    if (arrival.opensWindow) this.openWindow(arrival.time.at);
  }

  /** A message of the history: it has its place in time, and is news to nobody. */
  recall(arrival: Arrival): void {
    const { isActive } = this;
    const { lastMessageId } = this.row;
    const newestBefore = this.lastMessageAt;
    this.place(arrival);
    this.isActive = isActive;
    if (lastMessageId !== null && newestBefore !== null && newestBefore > arrival.time.at) {
      this.row.lastMessageId = lastMessageId;
      this.lastMessageAt = newestBefore;
    }
    const since = this.activeAt ?? (this.isNew ? null : this.row.lastActivityAt);
    if (since === null || since < arrival.time.at) this.activeAt = arrival.time.at;
  }

  /** A message that somebody sent from this number without us. */
  echo(arrival: Arrival, byPerson: boolean): void {
    this.place(arrival);
    if (!byPerson) return;
    this.row.waitingSince = null;
    if (this.row.status !== 'pending') return;
    this.lines.push(this.line('taken_over', SYSTEM));
    this.row.status = 'open';
    this.supersedesBot = true;
  }

  /** The first that is known of a call. */
  addCall(entryId: string, call: StoredCall, presentAgentIds: ReadonlySet<string>): void {
    const actor = call.direction === 'inbound' ? this.customer : SYSTEM;
    this.lines.push({ ...this.line('call', actor), id: entryId, call });
    this.showCall(entryId, null, call, presentAgentIds);
  }

  /** More is known of a call that has a line. */
  changeCall(entryId: string, before: StoredCall, call: StoredCall, presentAgentIds: ReadonlySet<string>): void {
    this.touch();
    this.showCall(entryId, before, call, presentAgentIds);
  }

  /** What became of the customer beside what they say: another security code, what they want. */
  note(kind: PersonNews): void {
    this.lines.push(this.line(kind, this.customer));
  }

  /** Another number or id, told in whatever order: the line stands at its time, behind the last message before it. */
  noteIds(kind: 'number_changed' | 'id_changed', at: Date, afterSeq: number): void {
    this.lines.push({ ...this.line(kind, this.customer), at, afterSeq });
  }

  tellsIdsAt(at: Date): boolean {
    return this.lines.some((line) => line.kind.endsWith('_changed') && line.at?.getTime() === at.getTime());
  }

  /** Something that the conversation's payload shows has changed: `rev` moves. */
  touch(): void {
    this.touched = true;
  }

  private openWindow(at: Date): void {
    const closesAt = new Date(at.getTime() + CUSTOMER_SERVICE_WINDOW_MS);
    if (!this.row.windowExpiresAt || closesAt > this.row.windowExpiresAt) this.row.windowExpiresAt = closesAt;
  }

  /**
   * Meta: a customer's call opens the window as a message does, answered or not. One that nobody took leaves the
   * customer waiting, and people have to see it: the bot cannot call back.
   */
  private showCall(
    entryId: string,
    before: StoredCall | null,
    call: StoredCall,
    presentAgentIds: ReadonlySet<string>,
  ): void {
    const isMissed = call.direction === 'inbound' && outcomeOf(call) === 'missed';
    const wasMissed = before !== null && outcomeOf(before) === 'missed';
    if (call.direction === 'inbound') this.openWindow(new Date(call.at));
    if (before === null || (isMissed && !wasMissed)) {
      this.row.lastCallId = entryId;
      this.isActive = true;
    }
    if (!isMissed || wasMissed) return;
    if (this.row.status === 'resolved') this.reopen({ botEnabled: false, presentAgentIds });
    else if (this.row.status === 'snoozed') this.wake();
    this.row.waitingSince ??= new Date(call.at);
  }

  private get customer(): Actor {
    return { type: 'contact', id: this.row.contactId };
  }

  /** Back to the last owner if they are there, else to the bot, else to the queue. */
  private reopen(policy: ArrivalPolicy): void {
    const lastOwner = this.row.assigneeId ?? this.row.lastAssigneeId;
    const isBack = lastOwner !== null && policy.presentAgentIds.has(lastOwner);
    this.row.assigneeId = isBack ? lastOwner : null;
    this.row.status = !isBack && policy.botEnabled && this.row.kind === 'direct' ? 'pending' : 'open';
    this.lines.push(this.line('reopened', this.customer));
    this.row.caseInboundBase = this.row.inboundCount;
    this.openCase('contact');
  }

  private wake(): void {
    this.row.status = 'open';
    this.row.snoozedUntil = null;
    this.lines.push(this.line('woken', this.customer));
  }

  private openCase(openedBy: 'contact' | 'system'): void {
    const id = newId();
    this.openedCase = { id, openedBy };
    this.row.caseId = id;
  }

  private place(arrival: Arrival): PlacedMessage {
    this.row.lastSeq += 1;
    this.row.lastMessageId = arrival.messageId;
    this.lastMessageAt = arrival.time.at;
    this.isActive = true;
    const { id: conversationId, channelId, caseId, lastSeq: seq, inboundCount: inboundNumber } = this.row;
    const placed = {
      ...arrival,
      conversationId,
      channelId,
      caseId: arrival.origin === 'history' ? null : caseId,
      seq,
      inboundNumber,
    };
    this.messages.push(placed);
    return placed;
  }

  private line(kind: TimelineKind, actor: Actor): DraftLine {
    return { id: newId(), kind, afterSeq: this.row.lastSeq, actor };
  }
}

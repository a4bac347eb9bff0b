import type { TimelineKind } from '@parley/contract';
import { newId } from '../../common/ids.js';
import type { Actor, ConversationRow } from '../conversation.row.js';
import { CUSTOMER_SERVICE_WINDOW_MS, SYSTEM } from '../conversation.row.js';
import type { EventTime, MessageContent } from './inbound-item.js';

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
  private touched = false;

  constructor(
    readonly before: ConversationRow,
    isNew: boolean,
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
    if (!arrival.opensWindow) return;
    const closesAt = new Date(arrival.time.at.getTime() + CUSTOMER_SERVICE_WINDOW_MS);
    if (!this.row.windowExpiresAt || closesAt > this.row.windowExpiresAt) this.row.windowExpiresAt = closesAt;
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

  /** The customer has another number now. */
  noteNumberChange(): void {
    this.lines.push(this.line('number_changed', this.customer));
  }

  /** Something that the conversation's payload shows has changed: `rev` moves. */
  touch(): void {
    this.touched = true;
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
    const { id: conversationId, channelId, caseId, lastSeq: seq, inboundCount: inboundNumber } = this.row;
    const placed = { ...arrival, conversationId, channelId, caseId, seq, inboundNumber };
    this.messages.push(placed);
    return placed;
  }

  private line(kind: TimelineKind, actor: Actor): DraftLine {
    return { id: newId(), kind, afterSeq: this.row.lastSeq, actor };
  }
}

import type { InboundContent, MediaDescription, Message, MessageStatus, MessageType } from '@parley/contract';
import type { StatusReport } from '../statuses/status-report.js';
import type { CallFacts } from './call-facts.js';

/** Who wrote, or was written to, as far as Meta says it; every part may be missing. */
export interface PersonClaim {
  bsuid: string | null;
  parentBsuid: string | null;
  waId: string | null;
  name: string | null;
  username: string | null;
  /** Changes with their security code; only where the number has the identity change check on. */
  identityHash?: string;
}

/** Meta's time of an event, clamped to the receiving time when absurd (then `original` keeps what was said). */
export interface EventTime {
  at: Date;
  original: string | null;
}

/** What a message says, sanitised: safe to store as text and as jsonb. */
export interface MessageContent {
  type: MessageType;
  /** Meta's word for a type without a face of its own. */
  rawType: string | null;
  /** What search finds and a list row shows. */
  body: string;
  content: Pick<Message, 'text' | 'interactive' | 'location' | 'contacts'> &
    InboundContent & { media?: MediaDescription };
  forwarded: boolean;
  replyToWamid: string | null;
}

/** How a message of the history stood when it was sent to us. */
export type HistoryStatus = Extract<MessageStatus, 'received' | 'sent' | 'delivered' | 'read' | 'played' | 'failed'>;

/** How far the history has come, as Meta says. */
export interface HistoryChunk {
  phase: number;
  progress: number;
}

/** What an item of a delivery does. */
export type InboundEffect =
  | {
      kind: 'message';
      sender: PersonClaim;
      groupId: string | null;
      time: EventTime;
      message: MessageContent;
      opensWindow: boolean;
      /** Another system has this conversation: what the customer writes is shown, and nobody here answers. */
      isStandby?: boolean;
    }
  /** A message of the phone's history; `person` is the customer, whoever wrote it. */
  | {
      kind: 'history';
      person: PersonClaim;
      isOurs: boolean;
      time: EventTime;
      message: MessageContent;
      status: HistoryStatus;
      chunk: HistoryChunk | null;
    }
  /** A chunk of the history without messages, or what stands in its place. */
  | { kind: 'import'; chunk: HistoryChunk | null; declined: { code: number | null; reason: string } | null }
  /** The phone's address book: what its owner calls somebody. */
  | { kind: 'contact'; person: PersonClaim; name: string | null }
  /** Sent from the same number by somebody else: the phone app (then a person took over), or another system. */
  | {
      kind: 'echo';
      recipient: PersonClaim;
      groupId: string | null;
      time: EventTime;
      message: MessageContent;
      byPerson: boolean;
    }
  /** `emoji: null` takes the reaction back; `actor: null` = the business itself, from its phone app. */
  | { kind: 'reaction'; actor: PersonClaim | null; targetWamid: string; emoji: string | null; time: EventTime }
  /** The sender changed what they had sent (`message` is the new wording), or deleted it (null). */
  | { kind: 'amendment'; targetWamid: string; message: MessageContent | null; time: EventTime }
  /** A webhook of a call; `person` is the customer, whoever called. */
  | { kind: 'call'; person: PersonClaim; facts: CallFacts }
  | { kind: 'identity'; change: IdentityChange; time: EventTime }
  /** The security code of a customer changed: another phone, or another person. `hash` is the new one, where it is told. */
  | { kind: 'security'; person: PersonClaim; hash: string | null; time: EventTime }
  /** Whether a customer wants marketing messages. */
  | { kind: 'preference'; person: PersonClaim; stopped: boolean; time: EventTime }
  | { kind: 'status'; report: StatusReport }
  | { kind: 'notice'; code: number | null; title: string; detail: string | null };

/** A person whose ids changed. */
export interface IdentityChange {
  previousBsuid: string | null;
  bsuid: string | null;
  parentBsuid: string | null;
  previousWaId: string | null;
  waId: string | null;
  /** Whether the number itself changed, so that the old one no longer names the person. */
  numberChanged: boolean;
}

/** The number an item came in on. */
export interface InboundChannel {
  id: string;
  portfolioId: string;
  botEnabled: boolean;
}

/** One item of a delivery, routed to its channel. */
export interface InboundItem<Effect extends InboundEffect = InboundEffect> {
  /** Made of the delivery and the place in it: the same for every try. */
  key: { deliveryId: string; ordinal: number };
  channel: InboundChannel;
  /** The item's own wamid; statuses and notices have none. */
  wamid: string | null;
  effect: Effect;
}

/** What became of an item. */
export interface ItemResult {
  outcome: 'applied' | 'duplicate' | 'kept' | 'waiting';
  reason?: string;
  /** `waiting`: whoever writes this key wakes the item. */
  waitingFor?: string;
  conversationId?: string;
  messageId?: string;
}

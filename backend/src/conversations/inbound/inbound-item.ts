import type { Message, MessageType } from '@parley/contract';
import type { StatusReport } from '../statuses/status-report.js';

/** Who wrote, or was written to, as far as Meta says it; every part may be missing. */
export interface PersonClaim {
  bsuid: string | null;
  parentBsuid: string | null;
  waId: string | null;
  name: string | null;
  username: string | null;
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
  content: Pick<Message, 'text' | 'media' | 'interactive'>;
  forwarded: boolean;
  replyToWamid: string | null;
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
    }
  /** Sent from the same number by somebody else: the phone app (then a person took over), or another system. */
  | {
      kind: 'echo';
      recipient: PersonClaim;
      groupId: string | null;
      time: EventTime;
      message: MessageContent;
      byPerson: boolean;
    }
  /** `emoji: null` takes the reaction back. */
  | { kind: 'reaction'; actor: PersonClaim; targetWamid: string; emoji: string | null; time: EventTime }
  | { kind: 'identity'; change: IdentityChange; time: EventTime }
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

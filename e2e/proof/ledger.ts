import type { Person } from './people.ts';
import type { Screen } from './screen.ts';

export interface Written {
  wamid: string;
  body: string;
  /** Seconds, as Meta writes them. Of those of one second the earlier stands first here, and in the body it came in. */
  at: number;
}

interface Reply {
  clientMessageId: string;
  messageId: string;
  body: string;
}

/** A customer, what they wrote and what they were answered: what the outside knows to have happened. */
export interface Correspondence {
  phone: string;
  agent: Person;
  conversationId: string;
  /** The agent whose it must be in the end, however much broke; null where that is nobody's promise. */
  ownerId: string | null;
  written: Written[];
  replies: Reply[];
}

/** One way in which the product broke its word. */
export interface Violation {
  kind:
    | 'lost'
    | 'doubled'
    | 'out of order'
    | 'sent twice'
    | 'owned twice'
    | 'missed'
    | 'unexplained'
    | 'bad answer'
    | 'leaked'
    | 'dead';
  detail: string;
}

/** Everything that one fault did to the product from outside. */
export class Ledger {
  readonly correspondences: Correspondence[] = [];
  /** Messages of customers without a correspondence that the door answered with 200: each must be there, once. */
  readonly taken: string[] = [];
  /** Screens besides the rig's own that must hold the same in the end. */
  readonly crowd: Screen[] = [];
  /** What was seen at once; the oracle adds what it finds at the end. */
  readonly violations: Violation[] = [];
  /** Replies that Meta refuses for good, by a word at their end, are `failed`. */
  refusedWord: string | null = null;
  /** The state that a model computes for a reply, by its client's id; the customer reads all others. */
  readonly expectedStates = new Map<string, string>();
  /** Customers' messages that are made to fail in the product, by wamid. */
  readonly poison = new Set<string>();
  readonly facts: Record<string, number> = {};

  blame(kind: Violation['kind'], detail: string): void {
    this.violations.push({ kind, detail });
  }

  get phones(): Set<string> {
    return new Set(this.correspondences.map(({ phone }) => phone));
  }

  get conversationIds(): string[] {
    return this.correspondences.map(({ conversationId }) => conversationId).filter((id) => id !== '');
  }
}

import type { StandingPart } from '@parley/contract';

/** What a fact is about: a part that is shown, or something that Meta names itself. */
export type FactPart =
  StandingPart | 'ban' | 'link' | 'violation' | 'pin' | `restriction:${string}` | `alert:${string}`;

/** One thing that Meta says. */
export interface NewFact {
  part: FactPart;
  /** Meta's word, in capitals. */
  value: string;
  detail?: string | null;
  /** How grave Meta calls an alert. */
  severity?: string | null;
  until?: Date | null;
  /** It holds for the account, whichever number Meta tells it of. */
  ofAccount?: true;
}

/** Which number a webhook speaks of: some name its id, some only its digits. */
export type AboutNumber = { phoneNumberId: string } | { digits: string };

/** What a webhook says of an account or of one of its numbers, at Meta's time. */
export interface StandingChange {
  kind: 'standing';
  businessAccountId: string;
  /** Null = the account as a whole. */
  about: AboutNumber | null;
  at: Date;
  facts: readonly NewFact[];
}

/** What became of a change, for the ledger. */
export interface StandingOutcome {
  outcome: 'applied' | 'duplicate' | 'kept';
  reason?: string;
}

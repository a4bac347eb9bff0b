import type { SenderType } from '@parley/contract';
import type { SendOutcome } from '../graph/send-outcome.js';

/** What one call came to, with what names the message, the attempt and the lease. */
export interface SendResultItem {
  channelId: string;
  leaseId: string;
  /** The token that the call was made with. */
  tokenSealed: string | null;
  conversationId: string;
  messageId: string;
  attempt: number;
  sender: SenderType;
  outcome: SendOutcome;
}

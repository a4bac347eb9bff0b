import type { ReceiptsPolicy } from '@parley/contract';

/** What decides whether a customer may see that somebody writes a reply to them. */
export interface TypingFacts {
  receiptsPolicy: ReceiptsPolicy;
  /** The number's own switch. */
  typingIndicator: boolean;
  /** The number is connected, and nothing has stopped it. */
  isSending: boolean;
  isGroup: boolean;
  isBlocked: boolean;
  isWindowOpen: boolean;
  /** Whoever writes owns the conversation. */
  isOwner: boolean;
  /** Meta's id of the customer's newest message that the writer has read; null = they have read none. */
  wamid: string | null;
}

/**
 * The message of the customer's under which “typing…” is shown; null = it must not be. Meta marks that message, and all
 * before it, as read. So it is none that the writer has not read, and the writer is one whose reading the number's policy
 * shows: the owner with `on_open`; with `on_reply` whoever replies, as the admin who switched it on there has decided.
 */
export function typingUnder(facts: TypingFacts): string | null {
  const { receiptsPolicy, isOwner, isSending, isWindowOpen, isGroup, isBlocked } = facts;
  const isReachable = isSending && isWindowOpen && !isGroup && !isBlocked;
  const showsReading = receiptsPolicy === 'on_reply' || (receiptsPolicy === 'on_open' && isOwner);
  return facts.typingIndicator && isReachable && showsReading ? facts.wamid : null;
}

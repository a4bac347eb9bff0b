import type { ConversationStatus } from '@parley/contract';

/** What people (and the clock: `wake`) do to a conversation. What arrives with a customer's message is not here. */
export const conversationActions = ['claim', 'release', 'assign', 'resolve', 'reopen', 'snooze', 'wake'] as const;
export type ConversationAction = (typeof conversationActions)[number];

/** Status after the action; a status that is not listed refuses it. */
const TRANSITIONS: Record<ConversationAction, Partial<Record<ConversationStatus, ConversationStatus>>> = {
  claim: { open: 'open', pending: 'open', snoozed: 'open' },
  release: { open: 'open', snoozed: 'open' },
  assign: { open: 'open', pending: 'open', snoozed: 'open' },
  resolve: { open: 'resolved', pending: 'resolved', snoozed: 'resolved' },
  reopen: { resolved: 'open', snoozed: 'open' },
  snooze: { open: 'snoozed', snoozed: 'snoozed' },
  wake: { snoozed: 'open' },
};

/** Where `action` leads from `status`; null = it is refused there. */
export function nextStatus(status: ConversationStatus, action: ConversationAction): ConversationStatus | null {
  return TRANSITIONS[action][status] ?? null;
}

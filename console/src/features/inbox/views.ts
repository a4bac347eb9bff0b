import type { Conversation, ConversationCounts, Priority, TeamCounts } from '@parley/contract';
import type { InboxView, ListSort, ViewCounts } from './components/types.js';
import type { ListQuery } from './inbox.api.js';

interface ViewRule {
  query: ListQuery;
  /** The same question, answered from a pushed conversation. */
  fits(conversation: Conversation, agentId: string): boolean;
}

const isOpen = (conversation: Conversation): boolean => conversation.status === 'open';

/** What each queue asks the server for, and which of the pushed conversations belong to it. */
export const viewRules: Record<InboxView, ViewRule> = {
  mine: {
    query: { status: 'open', assignee: 'me' },
    fits: (conversation, agentId) => isOpen(conversation) && conversation.assignee?.id === agentId,
  },
  unassigned: {
    query: { status: 'open', assignee: 'none' },
    fits: (conversation) => isOpen(conversation) && conversation.assignee === null,
  },
  all: { query: { status: 'active' }, fits: ({ status }) => status !== 'resolved' },
  resolved: { query: { status: 'resolved' }, fits: ({ status }) => status === 'resolved' },
  bot: { query: { status: 'pending' }, fits: ({ status }) => status === 'pending' },
  snoozed: { query: { status: 'snoozed' }, fits: ({ status }) => status === 'snoozed' },
};

/** Of everything, or of one team: how many of its threads are mine nobody counts. */
export const toViewCounts = (counts: ConversationCounts | TeamCounts): ViewCounts => ({
  ...('mine' in counts && { mine: counts.mine }),
  ...restOf(counts),
});
const restOf = ({ unassigned, open, pending, snoozed }: ConversationCounts | TeamCounts): ViewCounts => ({
  unassigned,
  all: open + pending + snoozed,
  bot: pending,
  snoozed,
});

/** The place of a conversation in a sorted list; smaller comes first, `id` settles ties as the server does. */
export interface SortKey {
  time: number;
  id: string;
}

const LAST = Number.MAX_SAFE_INTEGER;
const timeOf = (iso: string | null): number => (iso === null ? LAST : Date.parse(iso));

const PRIORITY_RANKS: Record<Priority, number> = { low: 1, normal: 2, high: 3, urgent: 4 };
/** Longer than any time since 1970: what has a higher priority stands above whatever moved later. In milliseconds. */
const RANK_MS = 1e14;

const keyTimes: Record<ListSort, (conversation: Conversation) => number> = {
  activity: ({ lastActivityAt }) => -Date.parse(lastActivityAt),
  oldest: ({ lastActivityAt }) => Date.parse(lastActivityAt),
  waiting: ({ waitingSince }) => timeOf(waitingSince),
  window: ({ windowExpiresAt }) => timeOf(windowExpiresAt),
  priority: ({ priority, lastActivityAt }) =>
    -(Date.parse(lastActivityAt) + (priority === null ? 0 : PRIORITY_RANKS[priority] * RANK_MS)),
};

/** Whether an order has a place for a conversation: nobody waits in some, and of some the window is closed. */
export function sortAdmits({ waitingSince, windowExpiresAt }: Conversation, sort: ListSort, nowMs: number): boolean {
  if (sort === 'waiting') return waitingSince !== null;
  return sort !== 'window' || (windowExpiresAt !== null && Date.parse(windowExpiresAt) > nowMs);
}

/** Kept: with every push a whole queue is sorted anew, and nearly all of it is what it was. */
const keys: Record<ListSort, WeakMap<Conversation, SortKey>> = {
  activity: new WeakMap(),
  oldest: new WeakMap(),
  waiting: new WeakMap(),
  window: new WeakMap(),
  priority: new WeakMap(),
};

export function sortKey(conversation: Conversation, sort: ListSort): SortKey {
  let key = keys[sort].get(conversation);
  if (!key) {
    key = { time: keyTimes[sort](conversation), id: conversation.id };
    keys[sort].set(conversation, key);
  }
  return key;
}

/** Newest activity first, alone or of each priority, breaks ties by the newest id, the other orders by the oldest. */
export function compareKeys(a: SortKey, b: SortKey, sort: ListSort): number {
  if (a.time !== b.time) return a.time - b.time;
  const byId = a.id < b.id ? -1 : Number(a.id > b.id);
  return sort === 'activity' || sort === 'priority' ? -byId : byId;
}

import type { Conversation, Message, Note, Person, TimelineEntry } from '@parley/contract';
import type { Component } from 'vue';

/** The queues an agent works from; `bot` = pending. */
export type InboxView = 'mine' | 'unassigned' | 'all' | 'resolved' | 'bot' | 'snoozed';

export type ListSort = 'activity' | 'oldest' | 'waiting' | 'window' | 'priority';

/** `undefined` = not known yet, and nothing is shown rather than a zero that is not true. */
export type ViewCounts = Partial<Record<InboxView, number>>;

/** Where a list or a thread stands with its data. Rows that are already here stay on screen whatever this says. */
export type LoadState = 'loading' | 'ready' | 'error';

/**
 * Where a message stands that the server has not confirmed yet. `offline` waits for the connection, `unsent` did not
 * reach the server (the same id may be tried again), `refused` was answered with an error that trying will not change.
 */
export type LocalSendState = 'sending' | 'offline' | 'unsent' | 'refused';

/** A message of the thread; `local` is present only while the server has not confirmed it. */
export type ThreadMessage = Message & { local?: { state: LocalSendState; reason?: string } };

/** What a list row shows beside the conversation itself. */
export interface RowExtras {
  draft?: string;
  typing?: readonly Person[];
  viewers?: readonly Viewer[];
  /** Something to say for a moment in place of the preview: who was faster. */
  notice?: string;
}

/** An agent with the thread open; `idle` = in a tab that nobody looks at. */
export interface Viewer extends Person {
  typing: boolean;
  idle?: boolean;
}

/** An agent somebody can assign to. */
export interface AssignableAgent extends Person {
  online: boolean;
}

/** What this agent may do with the open conversation (permissions and state together); a missing act is not shown. */
export interface ConversationActs {
  claim: boolean;
  takeOver: boolean;
  release: boolean;
  assign: boolean;
  snooze: boolean;
  resolve: boolean;
  reopen: boolean;
  /** Block at Meta, and unblock. */
  block: boolean;
}

/** Which act is under way; its button shows it and the others wait. */
export type PendingAct = keyof ConversationActs | null;

/** Why a reply was held: what arrived since the agent last looked. */
export interface StaleGuard {
  newCount: number;
}

export type ConnectionState = 'live' | 'catching-up' | 'offline';

export type ThemeChoice = 'light' | 'dark' | 'system';

export type { Conversation, Message, Note, Person, TimelineEntry };

/** One room of the console in the rail. */
export interface NavItem {
  key: string;
  href: string;
  label: string;
  icon: Component;
  active: boolean;
  count?: number;
}

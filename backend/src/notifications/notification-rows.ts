import type { CallPermission, NotifyEvent } from '@parley/contract';

/** Something that an agent is to be told of; at most one of a kind for each agent and thread. */
export interface NewNotification {
  agentId: string;
  kind: NotifyEvent;
  conversationId: string;
  count: number;
  messageId: string | null;
  actorId: string | null;
  until: Date | null;
  at: Date;
}

/** A notification as a list shows it, before its conversation is filled in. */
export interface NotificationRow {
  id: string;
  kind: NotifyEvent;
  conversationId: string;
  count: number;
  messageId: string | null;
  actorId: string | null;
  actorName: string | null;
  messageType: string | null;
  messageText: string | null;
  callPermission: CallPermission | null;
  until: Date | null;
  at: Date;
  readAt: Date | null;
}

/** Whose notifications have changed, and of what kind those that came are. */
export type Touched = Map<string, Set<NotifyEvent>>;

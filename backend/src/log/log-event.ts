/** What the log can say; the contract's socket events are made from these by hydration. */
export type LogEventType =
  | 'conversation.updated'
  | 'conversation.merged'
  | 'message.created'
  | 'message.updated'
  | 'timeline.created'
  | 'read.updated'
  | 'note.created'
  | 'note.updated'
  | 'mention.created'
  | 'draft.updated'
  | 'notifications.updated'
  | 'access.changed'
  /** `data.businessAccountId` says whose. */
  | 'templates.changed'
  /** `data.businessAccountId` says whose numbers. */
  | 'channels.changed';

/** One durable fact: ids, never contents. Team and assignee before and after decide who learns it and who loses sight. */
export interface LogEvent {
  type: LogEventType;
  conversationId?: string | null;
  /** Message; timeline entry of `timeline.created`; note of `note.*` and `mention.created`. */
  messageId?: string | null;
  /** `read.updated`, `draft.updated`, `mention.created`, `notifications.updated`, `access.changed`: the agent it is for alone. */
  agentId?: string | null;
  teamBefore?: string | null;
  teamAfter?: string | null;
  assigneeBefore?: string | null;
  assigneeAfter?: string | null;
  /** Small, ids only (e.g. `{ into }` of a merge). */
  data?: Record<string, unknown> | null;
}

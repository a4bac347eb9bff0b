/** What the log can say; the contract's socket events are made from these by hydration. */
export type LogEventType =
  | 'conversation.updated'
  | 'conversation.merged'
  | 'message.created'
  | 'message.updated'
  | 'timeline.created'
  | 'read.updated'
  | 'access.changed';

/** One durable fact: ids, never contents. Team and assignee before and after decide who learns it and who loses sight. */
export interface LogEvent {
  type: LogEventType;
  conversationId?: string | null;
  /** Message, or timeline entry for `timeline.created`. */
  messageId?: string | null;
  /** `read.updated`, `access.changed`: the agent it belongs to alone. */
  agentId?: string | null;
  teamBefore?: string | null;
  teamAfter?: string | null;
  assigneeBefore?: string | null;
  assigneeAfter?: string | null;
  /** Small, ids only (e.g. `{ into }` of a merge). */
  data?: Record<string, unknown> | null;
}

import type { ConversationStatus, MessageError, Priority, SenderType } from '@parley/contract';

/** A conversation as its row is; the contract's shape is made by the reader. */
export interface ConversationRow {
  id: string;
  channelId: string;
  kind: 'direct' | 'group';
  contactId: string | null;
  groupId: string | null;
  status: ConversationStatus;
  assigneeId: string | null;
  /** Who owned it last; the reopening policy may give it back. */
  lastAssigneeId: string | null;
  teamId: string | null;
  snoozedUntil: Date | null;
  priority: Priority | null;
  tags: string[];
  version: number;
  rev: number;
  lastSeq: number;
  inboundCount: number;
  lastInboundSeq: number;
  lastMessageId: string | null;
  /** The line of the newest call. */
  lastCallId: string | null;
  lastActivityAt: Date;
  windowExpiresAt: Date | null;
  waitingSince: Date | null;
  caseId: string | null;
  caseInboundBase: number;
  mergedIntoId: string | null;
  blockedAt: Date | null;
  createdAt: Date;
}

/** Select list that yields a `ConversationRow`; the table must be named or aliased `c`. */
export const CONVERSATION_COLUMNS = `
  c.id, c.channel_id as "channelId", c.kind, c.contact_id as "contactId", c.group_id as "groupId", c.status,
  c.assignee_id as "assigneeId", c.last_assignee_id as "lastAssigneeId", c.team_id as "teamId",
  c.snoozed_until as "snoozedUntil", c.priority, c.tags, c.version, c.rev, c.last_seq as "lastSeq",
  c.inbound_count as "inboundCount", c.last_inbound_seq as "lastInboundSeq", c.last_message_id as "lastMessageId",
  c.last_call_id as "lastCallId", c.last_activity_at as "lastActivityAt", c.window_expires_at as "windowExpiresAt",
  c.waiting_since as "waitingSince", c.case_id as "caseId", c.case_inbound_base as "caseInboundBase",
  c.merged_into_id as "mergedIntoId", c.blocked_at as "blockedAt", c.created_at as "createdAt"`;

/** For so long after each message of the customer anything may be sent; later templates only. */
export const CUSTOMER_SERVICE_WINDOW_MS = 24 * 3_600_000;

/** Who did something. */
export interface Actor {
  type: SenderType;
  id: string | null;
}

export const SYSTEM: Actor = { type: 'system', id: null };
export const BOT: Actor = { type: 'bot', id: null };

/** Of a message of the bot that a person has overtaken. */
export const SUPERSEDED: MessageError = {
  code: 'superseded',
  title: 'Not sent: a person took over before the bot’s answer went out.',
  detail: null,
  retryable: false,
};

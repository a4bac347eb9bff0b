import { cursorSchema, idSchema, limitSchema, personSchema, timeSchema } from './common.js';
import { messageTypes, messageStatuses, senderSchema } from './messages.js';
import { z } from './zod.js';

/** `open` (people), `pending` (bot), `snoozed`, `resolved`. Who handles it is `handler`. */
export const conversationStatuses = ['open', 'pending', 'snoozed', 'resolved'] as const;
export type ConversationStatus = (typeof conversationStatuses)[number];

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

/** The newest message as a list row shows it. */
export const lastMessageSchema = z
  .object({
    id: idSchema,
    seq: z.int().positive(),
    direction: z.enum(['inbound', 'outbound']),
    sender: senderSchema,
    type: z.enum(messageTypes),
    preview: z.string(),
    status: z.enum(messageStatuses),
    createdAt: timeSchema,
  })
  .meta({ id: 'LastMessage' });
export type LastMessage = z.infer<typeof lastMessageSchema>;

/** The one continuous thread of a business number and a contact. */
export const conversationSchema = z
  .object({
    id: idSchema,
    /** Moves with status, owner, team, tags, priority, attributes: guards intent (`expectedVersion`). */
    version: z.int().positive(),
    /** Moves with every change of the row: apply a payload only if its `rev` is greater. */
    rev: z.int().positive(),
    kind: z.enum(['direct', 'group']),
    status: z.enum(conversationStatuses),
    handler: z.enum(['bot', 'agent', 'queue']),
    assignee: personSchema.nullable(),
    team: personSchema.nullable(),
    contact: z.object({
      id: idSchema,
      name: z.string(),
      phone: z.string().nullable(),
      username: z.string().nullable(),
    }),
    channel: personSchema,
    /** Unread inbound messages of the asking agent; in HTTP answers only, never in a push. */
    unreadCount: z.int().nonnegative().optional(),
    /** `seq` up to which the asking agent has read; in HTTP answers only. */
    readSeq: z.int().nonnegative().optional(),
    /** `seq` of the newest message. */
    lastSeq: z.int().nonnegative(),
    /** How many inbound messages there are in all: a client keeps `unreadCount` live by the difference. */
    inboundCount: z.int().nonnegative(),
    lastMessage: lastMessageSchema.nullable(),
    /** When the customer service window closes; null = it never opened. */
    windowExpiresAt: timeSchema.nullable(),
    /** Since when the customer waits for an answer by a person; null = nobody waits. */
    waitingSince: timeSchema.nullable(),
    snoozedUntil: timeSchema.nullable(),
    /** By arrival; the default order of lists. */
    lastActivityAt: timeSchema,
    tags: z.array(z.string()),
    priority: z.enum(priorities).nullable(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof conversationSchema>;

/**
 * Query of `GET /api/conversations`. `status` `active` is all that is not resolved; `assignee` is `me`, `none`, `any`
 * or an agent's id.
 */
export const conversationListQuerySchema = z.object({
  status: z.enum([...conversationStatuses, 'active', 'all']).default('all'),
  assignee: z.union([z.enum(['me', 'none', 'any']), idSchema]).default('any'),
  team: idSchema.optional(),
  channel: idSchema.optional(),
  q: z.string().trim().max(200).optional(),
  sort: z.enum(['activity', 'waiting', 'window']).default('activity'),
  cursor: cursorSchema.optional(),
  limit: limitSchema,
});
export type ConversationListQuery = z.infer<typeof conversationListQuerySchema>;

export const conversationListSchema = z
  .object({
    items: z.array(conversationSchema),
    nextCursor: cursorSchema.nullable(),
    /** Position in the log read before the list was: replay from here and nothing is missed. */
    syncCursor: cursorSchema,
  })
  .meta({ id: 'ConversationList' });
export type ConversationList = z.infer<typeof conversationListSchema>;

/** Live counts of the standard views; `unread` variants count conversations with unread messages of the agent. */
export const conversationCountsSchema = z
  .object({
    mine: z.int().nonnegative(),
    mineUnread: z.int().nonnegative(),
    unassigned: z.int().nonnegative(),
    open: z.int().nonnegative(),
    pending: z.int().nonnegative(),
    snoozed: z.int().nonnegative(),
    syncCursor: cursorSchema,
  })
  .meta({ id: 'ConversationCounts' });
export type ConversationCounts = z.infer<typeof conversationCountsSchema>;

const expectedVersion = z.int().positive().optional();

/** The body may be left out altogether. */
export const transitionSchema = z.strictObject({ expectedVersion }).default({}).meta({ id: 'Transition' });
export type Transition = z.infer<typeof transitionSchema>;

export const snoozeSchema = z
  .strictObject({ until: z.iso.datetime({ offset: true }), expectedVersion })
  .meta({ id: 'Snooze' });
export type Snooze = z.infer<typeof snoozeSchema>;

export const assignSchema = z
  .strictObject({ agentId: idSchema.nullable(), teamId: idSchema.nullish(), expectedVersion })
  .meta({ id: 'Assign' });
export type Assign = z.infer<typeof assignSchema>;

export const markReadSchema = z.strictObject({ messageId: idSchema }).meta({ id: 'MarkRead' });
export type MarkRead = z.infer<typeof markReadSchema>;

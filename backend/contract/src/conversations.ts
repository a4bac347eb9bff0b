import { callSchema } from './messages/calls.js';
import {
  channelColours,
  cursorSchema,
  idSchema,
  limitSchema,
  personSchema,
  senderSchema,
  timeSchema,
} from './common.js';
import { callPermissionSchema } from './messages/inbound-content.js';
import { TAG_MAX_CHARS, TAGS_MAX } from './constants.js';
import { messageTypes, messageStatuses } from './messages/messages.js';
import { tagNameSchema } from './tags.js';
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
    /** Whoever sent it deleted it; `preview` is empty then. */
    revoked: z.literal(true).optional(),
    /** The answer itself, where it is one: `preview` has but Meta's word for it. */
    callPermission: callPermissionSchema.optional(),
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
      /** Empty for a group whose name nobody told: the reader says in their own language that it is one. */
      name: z.string(),
      phone: z.string().nullable(),
      username: z.string().nullable(),
      /** Meta's user id, where there is neither number nor username: without a name of their own they are called by it. */
      bsuid: z.string().optional(),
    }),
    /** The colour is there where the number has one. */
    channel: z.object({ id: idSchema, name: z.string(), colour: z.enum(channelColours).optional() }),
    /** Since when the customer is blocked at Meta: nothing of theirs arrives and nothing can be sent to them. */
    blockedAt: timeSchema.optional(),
    /** Unread inbound messages of the asking agent; in HTTP answers only, never in a push. */
    unreadCount: z.int().nonnegative().optional(),
    /** `seq` up to which the asking agent has read; in HTTP answers only. */
    readSeq: z.int().nonnegative().optional(),
    /**
     * How often the asking agent has marked it as unread; in HTTP answers only. What they read goes back only with a greater
     * one: of two states the one with the greater is the newer, whatever `readSeq` says.
     */
    readRewinds: z.int().nonnegative().optional(),
    /** `seq` of the newest message. */
    lastSeq: z.int().nonnegative(),
    /** How many inbound messages there are in all: a client keeps `unreadCount` live by the difference. */
    inboundCount: z.int().nonnegative(),
    lastMessage: lastMessageSchema.nullable(),
    /** Set while a call is newer than `lastMessage`: a list row shows it instead. */
    lastCall: callSchema.optional(),
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
  /** Only what has this tag, whatever the case. */
  tag: z.string().trim().min(1).max(TAG_MAX_CHARS).optional(),
  priority: z.enum(priorities).optional(),
  q: z.string().trim().max(200).optional(),
  sort: z.enum(['activity', 'oldest', 'waiting', 'window', 'priority']).default('activity'),
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

/** The same for one team. */
export const teamCountsSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    unassigned: z.int().nonnegative(),
    open: z.int().nonnegative(),
    pending: z.int().nonnegative(),
    snoozed: z.int().nonnegative(),
  })
  .meta({ id: 'TeamCounts' });
export type TeamCounts = z.infer<typeof teamCountsSchema>;

/** Live counts of the standard views; `unread` variants count conversations with unread messages of the agent. */
export const conversationCountsSchema = z
  .object({
    mine: z.int().nonnegative(),
    mineUnread: z.int().nonnegative(),
    unassigned: z.int().nonnegative(),
    open: z.int().nonnegative(),
    pending: z.int().nonnegative(),
    snoozed: z.int().nonnegative(),
    /** The agent's teams, of a supervisor or admin all, by name. */
    teams: z.array(teamCountsSchema),
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

/** To an agent, a team, or both; null = nobody, no team; what is left out stays. A team alone moves neither owner nor status. */
export const assignSchema = z
  .strictObject({ agentId: idSchema.nullish(), teamId: idSchema.nullish(), expectedVersion })
  .refine(({ agentId, teamId }) => agentId !== undefined || teamId !== undefined, 'names neither an agent nor a team')
  .meta({ id: 'Assign' });
export type Assign = z.infer<typeof assignSchema>;

/** What is added and removed; whatever else is there stays. */
export const setTagsSchema = z
  .strictObject({
    add: z.array(tagNameSchema).max(TAGS_MAX).default([]),
    remove: z.array(tagNameSchema).max(TAGS_MAX).default([]),
    expectedVersion,
  })
  .meta({ id: 'SetTags' });
export type SetTags = z.infer<typeof setTagsSchema>;

export const setPrioritySchema = z
  .strictObject({ priority: z.enum(priorities).nullable(), expectedVersion })
  .meta({ id: 'SetPriority' });
export type SetPriority = z.infer<typeof setPrioritySchema>;

/** Which queue to take from; without a team from every one that the agent sees. The body may be left out. */
export const takeNextSchema = z.strictObject({ teamId: idSchema.optional() }).default({}).meta({ id: 'TakeNext' });
export type TakeNext = z.infer<typeof takeNextSchema>;

/** What was handed out; null = nothing waits that nobody looks at. */
export const takenNextSchema = z.object({ conversation: conversationSchema.nullable() }).meta({ id: 'TakenNext' });
export type TakenNext = z.infer<typeof takenNextSchema>;

/**
 * `rewinds` is the `readRewinds` that the conversation had when the agent looked: a look from before they marked it as
 * unread reads nothing. Left out, everything up to the message is read.
 */
export const markReadSchema = z
  .strictObject({ messageId: idSchema, rewinds: z.int().nonnegative().optional() })
  .meta({ id: 'MarkRead' });
export type MarkRead = z.infer<typeof markReadSchema>;

import { cursorSchema, idSchema, limitSchema, senderSchema, timeSchema } from '../common.js';
import { failureReasons } from '../constants.js';
import { interactiveSchema } from '../interactive.js';
import { callPermissionSchema, inboundContentShape } from './inbound-content.js';
import { contactCardSchema, locationSchema, mediaSchema } from '../media.js';
import { noteSchema } from '../notes.js';
import { templateFaceSchema } from '../templates/templates.js';
import { timelineEntrySchema } from './timeline.js';
import { z } from '../zod.js';

/**
 * What the customer's phone sent, or what we send. `unsupported` covers everything without a face of its own yet.
 * A `reaction` is one of ours on its way: it has a place in the order but no bubble; what shows is the `reactions` of
 * the message that it names.
 */
export const messageTypes = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'interactive',
  'button',
  'order',
  'template',
  'reaction',
  'system',
  'unsupported',
] as const;
export type MessageType = (typeof messageTypes)[number];

/**
 * Of an outbound message: `queued → sending → accepted → sent → delivered → read → played`, or `failed`, or `unknown`
 * (nobody can say yet whether Meta took it). Of an inbound one: `received`.
 */
export const messageStatuses = [
  'received',
  'queued',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'unknown',
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

export const messageOrigins = ['history', 'standby'] as const;
export type MessageOrigin = (typeof messageOrigins)[number];

/** Why a message failed. `code` is Meta's when Meta said so, else one of ours (`superseded`, `window_closed` …). */
export const messageErrorSchema = z
  .object({
    code: z.union([z.int(), z.string()]),
    title: z.string(),
    detail: z.string().nullable(),
    /** Whether sending the same thing again as a new message can help; false once that was done. */
    retryable: z.boolean(),
    /** What is behind the code; clients word it. */
    reason: z.enum(failureReasons).optional(),
  })
  .meta({ id: 'MessageError' });
export type MessageError = z.infer<typeof messageErrorSchema>;

export const reactionSchema = z
  .object({ emoji: z.string(), sender: senderSchema, createdAt: timeSchema })
  .meta({ id: 'Reaction' });
export type Reaction = z.infer<typeof reactionSchema>;

/** The quoted message as it is shown above the reply; only `wamid` is sure when we never held the original. */
export const quoteSchema = z
  .object({
    messageId: idSchema.nullable(),
    wamid: z.string().nullable(),
    sender: senderSchema.nullable(),
    type: z.enum(messageTypes).nullable(),
    preview: z.string().nullable(),
    /** The answer itself, where it is one: `preview` has but Meta's word for it. */
    callPermission: callPermissionSchema.optional(),
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof quoteSchema>;

/** One bubble of the thread. Shown in the order (second of `createdAt`, `seq`). */
export const messageSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    /** Gap-free arrival number in its conversation. */
    seq: z.int().positive(),
    /** Moves with every change of the row: apply a payload only if its `rev` is greater. */
    rev: z.int().positive(),
    direction: z.enum(['inbound', 'outbound']),
    sender: senderSchema,
    type: z.enum(messageTypes),
    text: z.object({ body: z.string() }).optional(),
    media: mediaSchema.optional(),
    location: locationSchema.optional(),
    contacts: z.array(contactCardSchema).optional(),
    /** Of a `reaction` of ours; an empty emoji takes it back. */
    reaction: z.object({ messageId: idSchema, emoji: z.string() }).optional(),
    interactive: interactiveSchema.optional(),
    /** Of a `template` that was sent from here; `text` holds its words as well. */
    template: templateFaceSchema.optional(),
    ...inboundContentShape,
    /** The word Meta uses for a type that has no face of its own yet, e.g. `location` or `poll_creation`. */
    rawType: z.string().optional(),
    forwarded: z.boolean().optional(),
    /**
     * `history`: from the phone's history, long said and read. `standby`: another system has this conversation, and this
     * came while it had. Neither is answered by the bot, nor is anybody told of it.
     */
    origin: z.enum(messageOrigins).optional(),
    reactions: z.array(reactionSchema),
    status: z.enum(messageStatuses),
    error: messageErrorSchema.nullable(),
    replyTo: quoteSchema.nullable(),
    wamid: z.string().nullable(),
    clientMessageId: z.uuid().nullable(),
    createdAt: timeSchema,
    sentAt: timeSchema.nullable(),
    deliveredAt: timeSchema.nullable(),
    readAt: timeSchema.nullable(),
    playedAt: timeSchema.nullable(),
    /**
     * Set on an `unknown` message, and on a failed one that must not go out again at once: from then on a person may send
     * it again as a new message.
     */
    resendableAt: timeSchema.nullable(),
    /** When whoever sent it last changed the wording; what is shown is the newest. */
    editedAt: timeSchema.optional(),
    /** When whoever sent it deleted it; nothing of what it said is shown. */
    revokedAt: timeSchema.optional(),
    /** Set while it is held back: until then its sender may take it back, and it does not leave. */
    undoableUntil: timeSchema.optional(),
    /** What it was sent for, if whoever sent it said so. */
    campaign: z.string().optional(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof messageSchema>;

/** A wording that a message had. The first is what was sent; a deletion has none. */
export const messageRevisionSchema = z
  .object({
    kind: z.enum(['original', 'edit', 'revoke']),
    at: timeSchema,
    type: z.enum(messageTypes),
    /** As search and list rows show it. */
    preview: z.string(),
  })
  .meta({ id: 'MessageRevision' });
export type MessageRevision = z.infer<typeof messageRevisionSchema>;

/** Oldest first; empty for a message that nobody changed (`GET …/messages/:messageId/revisions`). */
export const messageRevisionListSchema = z
  .object({ items: z.array(messageRevisionSchema) })
  .meta({ id: 'MessageRevisionList' });
export type MessageRevisionList = z.infer<typeof messageRevisionListSchema>;

export const messageListQuerySchema = z.object({ before: cursorSchema.optional(), limit: limitSchema });
export type MessageListQuery = z.infer<typeof messageListQuerySchema>;

/** Newest first. `timeline` and `notes` hold what falls between the oldest and the newest message of the page. */
export const messageListSchema = z
  .object({
    items: z.array(messageSchema),
    timeline: z.array(timelineEntrySchema),
    notes: z.array(noteSchema),
    nextCursor: cursorSchema.nullable(),
    syncCursor: cursorSchema,
  })
  .meta({ id: 'MessageList' });
export type MessageList = z.infer<typeof messageListSchema>;

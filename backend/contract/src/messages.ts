import { callSchema } from './calls.js';
import { cursorSchema, idSchema, limitSchema, senderSchema, textSchema, timeSchema } from './common.js';
import { CAPTION_MAX_CHARS, failureReasons, TEXT_BODY_MAX_CHARS, UNDO_SEND_MAX_SECONDS } from './constants.js';
import { interactiveSchema, sendInteractiveSchema } from './interactive.js';
import { inboundContentShape } from './inbound-content.js';
import { contactCardSchema, locationSchema, mediaSchema } from './media.js';
import { noteSchema } from './notes.js';
import { filledTemplateSchema, templateFaceSchema } from './templates.js';
import { z } from './zod.js';

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

/** What happened to the conversation, shown as a small line in the thread. */
export const timelineKinds = [
  'opened',
  'reopened',
  'claimed',
  'released',
  'assigned',
  'team_changed',
  'resolved',
  'snoozed',
  'woken',
  'taken_over',
  'replied_by_other',
  'bot_handed_over',
  'number_changed',
  'id_changed',
  'merged',
  'undone',
  'call',
  'blocked',
  'unblocked',
  'identity_changed',
  'marketing_stopped',
  'marketing_resumed',
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

export const timelineEntrySchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    /** `seq` of the last message when it happened: the line stands after that message. */
    afterSeq: z.int().nonnegative(),
    kind: z.enum(timelineKinds),
    actor: senderSchema,
    /** The agent or team it was given to (`assigned`, `team_changed`), or who owned it before (`released`, `taken_over`). */
    target: z.object({ id: idSchema, name: z.string() }).nullable(),
    /** Of `snoozed`: until when. */
    until: timeSchema.nullable(),
    /** Of `call`. */
    call: callSchema.optional(),
    /** Moves with every change of an entry that can change (a `call`): apply one only if its `rev` is greater. */
    rev: z.int().positive().optional(),
    createdAt: timeSchema,
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

const outboundBase = {
  /** Made once per composed message by the client; repeating it with the same body returns the same message. */
  clientMessageId: idSchema,
  /** Id of the quoted message. */
  replyTo: idSchema.nullish(),
  /** The highest `seq` up to which the client holds all; staleness is judged against it. */
  basedOn: z.int().nonnegative().nullish(),
  /** Holds the message back for so long, so that it can be taken back (`POST …/messages/:messageId/undo`). */
  undoSeconds: z.int().min(0).max(UNDO_SEND_MAX_SECONDS).optional(),
};

const fileId = idSchema;
const caption = textSchema.max(CAPTION_MAX_CHARS).nullish();

/** Sends of every kind. Files are uploaded first (`POST /api/media`) and named by their `fileId`. */
export const sendMessageSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      ...outboundBase,
      type: z.literal('text'),
      text: z.strictObject({
        body: z
          .string()
          .max(TEXT_BODY_MAX_CHARS)
          .refine((body) => body.replaceAll('\0', '').trim() !== '', 'must not be blank'),
        previewUrl: z.boolean().optional(),
      }),
    }),
    z.strictObject({
      ...outboundBase,
      type: z.literal('interactive'),
      interactive: sendInteractiveSchema,
    }),
    z.strictObject({ ...outboundBase, type: z.literal('image'), image: z.strictObject({ fileId, caption }) }),
    z.strictObject({ ...outboundBase, type: z.literal('video'), video: z.strictObject({ fileId, caption }) }),
    z.strictObject({ ...outboundBase, type: z.literal('audio'), audio: z.strictObject({ fileId }) }),
    z.strictObject({
      ...outboundBase,
      type: z.literal('document'),
      document: z.strictObject({ fileId, caption, fileName: textSchema.trim().min(1).max(240).nullish() }),
    }),
    z.strictObject({ ...outboundBase, type: z.literal('sticker'), sticker: z.strictObject({ fileId }) }),
    z.strictObject({ ...outboundBase, type: z.literal('location'), location: locationSchema }),
    z.strictObject({
      ...outboundBase,
      type: z.literal('contacts'),
      contacts: z.array(contactCardSchema).min(1).max(10),
    }),
    /** The only kind that may leave while the customer service window is closed. */
    z.strictObject({ ...outboundBase, type: z.literal('template'), template: filledTemplateSchema }),
    /** One reaction of this number stands on a message: a second one replaces it, an empty emoji takes it back. */
    z.strictObject({
      ...outboundBase,
      type: z.literal('reaction'),
      reaction: z.strictObject({ messageId: idSchema, emoji: textSchema.max(64) }),
    }),
  ])
  .meta({ id: 'SendMessage' });
export type SendMessage = z.infer<typeof sendMessageSchema>;

/** Sends a failed or unknown message again, as a new message of its own (`POST …/messages/:messageId/resend`). */
export const resendMessageSchema = z
  .strictObject({ clientMessageId: outboundBase.clientMessageId, basedOn: outboundBase.basedOn })
  .meta({ id: 'ResendMessage' });
export type ResendMessage = z.infer<typeof resendMessageSchema>;

/** What of a message can be sent on as one of ours. */
export const forwardableTypes = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
] as const satisfies readonly MessageType[];

/**
 * Sends what a message says to another conversation, as a new message of ours (`POST …/messages/:messageId/forward`), by
 * the rules of a reply there. The Cloud API knows no way to mark it as forwarded.
 */
export const forwardMessageSchema = z
  .strictObject({
    clientMessageId: outboundBase.clientMessageId,
    /** The conversation that it goes to. */
    to: idSchema,
    /** Of that conversation. */
    basedOn: outboundBase.basedOn,
    undoSeconds: outboundBase.undoSeconds,
  })
  .meta({ id: 'ForwardMessage' });
export type ForwardMessage = z.infer<typeof forwardMessageSchema>;

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

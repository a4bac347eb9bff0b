import { cursorSchema, idSchema, limitSchema, textSchema, timeSchema } from './common.js';
import { TEXT_BODY_MAX_CHARS } from './constants.js';
import { z } from './zod.js';

/** What the customer's phone sent, or what we send. `unsupported` covers everything without a face of its own yet. */
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

export const senderTypes = ['contact', 'agent', 'bot', 'system'] as const;
export type SenderType = (typeof senderTypes)[number];

export const senderSchema = z
  .object({ type: z.enum(senderTypes), id: idSchema.nullable(), name: z.string() })
  .meta({ id: 'Sender' });

/** Why a message failed. `code` is Meta's when Meta said so, else one of ours (`superseded`, `window_closed` …). */
export const messageErrorSchema = z
  .object({
    code: z.union([z.int(), z.string()]),
    title: z.string(),
    detail: z.string().nullable(),
    /** Whether sending the same thing again as a new message can help. */
    retryable: z.boolean(),
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

/** Meta's description of a file; the bytes are fetched in a later release, `mediaId` is Meta's. */
export const mediaSchema = z
  .object({
    mediaId: z.string().nullable(),
    mimeType: z.string().nullable(),
    sha256: z.string().nullable(),
    fileName: z.string().nullable(),
    caption: z.string().nullable(),
    voice: z.boolean(),
    animated: z.boolean(),
  })
  .meta({ id: 'Media' });
export type Media = z.infer<typeof mediaSchema>;

export const replyButtonSchema = z.object({ id: textSchema.min(1).max(256), title: textSchema.min(1).max(20) });
export type ReplyButton = z.infer<typeof replyButtonSchema>;

/** A tap of the customer on something we offered, or the buttons that we offered. */
export const interactiveSchema = z
  .object({
    kind: z.enum(['button_reply', 'list_reply', 'template_button', 'buttons', 'other']),
    id: z.string().nullable(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    buttons: z.array(replyButtonSchema).optional(),
  })
  .meta({ id: 'Interactive' });
export type Interactive = z.infer<typeof interactiveSchema>;

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
    interactive: interactiveSchema.optional(),
    /** The word Meta uses for a type that has no face of its own yet, e.g. `location` or `poll_creation`. */
    rawType: z.string().optional(),
    forwarded: z.boolean().optional(),
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
    /** Set on an `unknown` message from the moment a person may send it again as a new message. */
    resendableAt: timeSchema.nullable(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof messageSchema>;

/** What happened to the conversation, shown as a small line in the thread. */
export const timelineKinds = [
  'opened',
  'reopened',
  'claimed',
  'released',
  'assigned',
  'resolved',
  'snoozed',
  'woken',
  'taken_over',
  'replied_by_other',
  'bot_handed_over',
  'number_changed',
  'merged',
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
    /** The agent it was given to (`assigned`), or who owned it before (`released`, `taken_over`). */
    target: z.object({ id: idSchema, name: z.string() }).nullable(),
    /** Of `snoozed`: until when. */
    until: timeSchema.nullable(),
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
};

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
      interactive: z.strictObject({
        body: textSchema.trim().min(1).max(1_024),
        buttons: z.array(replyButtonSchema).min(1).max(3),
      }),
    }),
  ])
  .meta({ id: 'SendMessage' });
export type SendMessage = z.infer<typeof sendMessageSchema>;

/** Sends a failed or unknown message again, as a new message of its own (`POST …/messages/:messageId/resend`). */
export const resendMessageSchema = z
  .strictObject({ clientMessageId: outboundBase.clientMessageId, basedOn: outboundBase.basedOn })
  .meta({ id: 'ResendMessage' });
export type ResendMessage = z.infer<typeof resendMessageSchema>;

export const messageListQuerySchema = z.object({ before: cursorSchema.optional(), limit: limitSchema });
export type MessageListQuery = z.infer<typeof messageListQuerySchema>;

/** Newest first. `timeline` holds the lines that fall between the oldest and the newest message of the page. */
export const messageListSchema = z
  .object({
    items: z.array(messageSchema),
    timeline: z.array(timelineEntrySchema),
    nextCursor: cursorSchema.nullable(),
    syncCursor: cursorSchema,
  })
  .meta({ id: 'MessageList' });
export type MessageList = z.infer<typeof messageListSchema>;

import { idSchema, textSchema } from '../common.js';
import { CAMPAIGN_MAX_CHARS, CAPTION_MAX_CHARS, TEXT_BODY_MAX_CHARS, UNDO_SEND_MAX_SECONDS } from '../constants.js';
import { sendInteractiveSchema } from '../interactive.js';
import { contactCardSchema, fileLinkSchema, locationSchema } from '../media.js';
import type { MessageType } from './messages.js';
import { filledTemplateSchema } from '../templates/templates.js';
import { z } from '../zod.js';

/**
 * What a message is sent for, in the words of whoever sends it (a shop's newsletter, a reminder of the CRM): costs can be
 * broken down by it. The customer sees nothing of it.
 */
export const campaignSchema = textSchema
  .trim()
  .min(1)
  .max(CAMPAIGN_MAX_CHARS)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters');

const outboundBase = {
  /** Made once per composed message by the client; repeating it with the same body returns the same message. */
  clientMessageId: idSchema,
  /** Id of the quoted message. */
  replyTo: idSchema.nullish(),
  /** The highest `seq` up to which the client holds all; staleness is judged against it. */
  basedOn: z.int().nonnegative().nullish(),
  /** Holds the message back for so long, so that it can be taken back (`POST …/messages/:messageId/undo`). */
  undoSeconds: z.int().min(0).max(UNDO_SEND_MAX_SECONDS).optional(),
  campaign: campaignSchema.optional(),
};

/** An upload by its id, or a link; exactly one of the two. */
const file = { fileId: idSchema.optional(), link: fileLinkSchema.optional() };
const ONE_FILE = 'give the fileId of an upload or a link, one of the two';
const hasOneFile = (part: { fileId?: string | undefined; link?: string | undefined }): boolean =>
  (part.fileId === undefined) !== (part.link === undefined);
const caption = textSchema.max(CAPTION_MAX_CHARS).nullish();

/** Sends of every kind. Files are uploaded first (`POST /api/media`) and named by their `fileId`, or fetched from a `link`. */
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
    z.strictObject({
      ...outboundBase,
      type: z.literal('image'),
      image: z.strictObject({ ...file, caption }).refine(hasOneFile, ONE_FILE),
    }),
    z.strictObject({
      ...outboundBase,
      type: z.literal('video'),
      video: z.strictObject({ ...file, caption }).refine(hasOneFile, ONE_FILE),
    }),
    z.strictObject({
      ...outboundBase,
      type: z.literal('audio'),
      audio: z.strictObject(file).refine(hasOneFile, ONE_FILE),
    }),
    z.strictObject({
      ...outboundBase,
      type: z.literal('document'),
      document: z
        .strictObject({ ...file, caption, fileName: textSchema.trim().min(1).max(240).nullish() })
        .refine(hasOneFile, ONE_FILE),
    }),
    z.strictObject({
      ...outboundBase,
      type: z.literal('sticker'),
      sticker: z.strictObject(file).refine(hasOneFile, ONE_FILE),
    }),
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

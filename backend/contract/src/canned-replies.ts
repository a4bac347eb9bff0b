import { idSchema, textSchema, timeSchema } from './common.js';
import { TEXT_BODY_MAX_CHARS } from './constants.js';
import { z } from './zod.js';

/** What an agent types after `/`: a word without blanks, compared without regard to case. */
const shortcutSchema = textSchema
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u, 'must be one word of letters, digits, - and _')
  .max(40);

/**
 * A ready-made reply. Its body may hold variables, `{{contact.name}}` or with a fallback `{{contact.name|there}}`; the
 * console fills them in, and one that stays empty keeps the reply from being sent.
 */
export const cannedReplySchema = z
  .object({
    id: idSchema,
    shortcut: z.string(),
    title: z.string(),
    body: z.string(),
    /** Only this team gets it offered; null = everybody. */
    teamId: idSchema.nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'CannedReply' });
export type CannedReply = z.infer<typeof cannedReplySchema>;

export const cannedReplyListSchema = z.object({ items: z.array(cannedReplySchema) }).meta({ id: 'CannedReplyList' });
export type CannedReplyList = z.infer<typeof cannedReplyListSchema>;

export const createCannedReplySchema = z
  .strictObject({
    shortcut: shortcutSchema,
    title: textSchema.trim().min(1).max(120),
    body: textSchema.trim().min(1).max(TEXT_BODY_MAX_CHARS),
    teamId: idSchema.nullish(),
  })
  .meta({ id: 'CreateCannedReply' });
export type CreateCannedReply = z.infer<typeof createCannedReplySchema>;

export const updateCannedReplySchema = createCannedReplySchema.partial().meta({ id: 'UpdateCannedReply' });
export type UpdateCannedReply = z.infer<typeof updateCannedReplySchema>;

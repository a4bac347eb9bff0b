import { idSchema, textSchema } from './common.js';
import { META_ID_MAX_CHARS } from './limits.js';
import { z } from './zod.js';

/** The name of an attribute, as the panel beside a thread takes it. */
const attributeName = textSchema.trim().min(1).max(60);

/**
 * One rule: what a customer answers in a field of a form (`nfm_reply`) becomes an attribute of the contact, in the
 * transaction that stores the answer. A newer change by hand is never overwritten by an older answer.
 */
export const answerMappingSchema = z
  .object({
    id: idSchema,
    /** Only what comes in on this number; null = every number. */
    channelId: idSchema.nullable(),
    /** Only answers to a message of ours that named this form, by its id or its name; null = every form. */
    form: z.string().nullable(),
    /** As the form names the answer; parts of one stand behind dots. */
    field: z.string(),
    attribute: z.string(),
  })
  .meta({ id: 'AnswerMapping' });
export type AnswerMapping = z.infer<typeof answerMappingSchema>;

export const answerMappingListSchema = z
  .object({ items: z.array(answerMappingSchema) })
  .meta({ id: 'AnswerMappingList' });
export type AnswerMappingList = z.infer<typeof answerMappingListSchema>;

export const createAnswerMappingSchema = z
  .strictObject({
    channelId: idSchema.nullish(),
    form: textSchema.trim().min(1).max(META_ID_MAX_CHARS).nullish(),
    field: textSchema.trim().min(1).max(200),
    attribute: attributeName,
  })
  .meta({ id: 'CreateAnswerMapping' });
export type CreateAnswerMapping = z.infer<typeof createAnswerMappingSchema>;

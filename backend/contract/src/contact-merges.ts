import { idSchema, personSchema, timeSchema } from './common.js';
import { z } from './zod.js';

/** `noted` = will be carried out, `offered` = an admin decides, `done`, `refused`. */
export const contactMergeStates = ['noted', 'offered', 'done', 'refused'] as const;

/** One of two contacts, with what tells whether they are one person. */
export const mergeContactSchema = z
  .object({
    id: idSchema,
    /** What they are called on every screen. */
    name: z.string(),
    username: z.string().nullable(),
    phone: z.string().nullable(),
    /** Threads that are theirs now. */
    conversationIds: z.array(idSchema),
    createdAt: timeSchema,
  })
  .meta({ id: 'MergeContact' });
export type MergeContact = z.infer<typeof mergeContactSchema>;

/** Two contacts that are one person, or may be. */
export const contactMergeSchema = z
  .object({
    id: idSchema,
    state: z.enum(contactMergeStates),
    /** What says so: `number_without_bsuid`, `previous_user_id`, `parent_bsuid`. */
    reason: z.string(),
    from: mergeContactSchema,
    into: mergeContactSchema,
    /** Tries so far, and why the newest came to nothing. */
    attempts: z.int().nonnegative(),
    error: z.string().nullable(),
    decidedBy: personSchema.nullable(),
    createdAt: timeSchema,
    settledAt: timeSchema.nullable(),
  })
  .meta({ id: 'ContactMerge' });
export type ContactMerge = z.infer<typeof contactMergeSchema>;

export const contactMergeListQuerySchema = z
  .strictObject({ state: z.enum(contactMergeStates).default('offered') })
  .meta({ id: 'ContactMergeListQuery' });
export type ContactMergeListQuery = z.infer<typeof contactMergeListQuerySchema>;

/** The newest 100 of a state. */
export const contactMergeListSchema = z.object({ items: z.array(contactMergeSchema) }).meta({ id: 'ContactMergeList' });
export type ContactMergeList = z.infer<typeof contactMergeListSchema>;

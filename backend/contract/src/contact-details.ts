import { idSchema, personSchema, textSchema, timeSchema } from './common.js';
import { ATTRIBUTES_MAX } from './constants.js';
import { z } from './zod.js';

/** One cycle from opening to resolving. */
export const caseSchema = z
  .object({
    id: idSchema,
    number: z.int().positive(),
    openedAt: timeSchema,
    openedBy: z.enum(['contact', 'agent', 'system']),
    firstRepliedAt: timeSchema.nullable(),
    resolvedAt: timeSchema.nullable(),
    resolvedBy: personSchema.nullable(),
    messageCount: z.int().nonnegative(),
  })
  .meta({ id: 'Case' });
export type Case = z.infer<typeof caseSchema>;

/** What the panel beside a thread shows of the customer, beyond the conversation itself. */
export const contactDetailsSchema = z
  .object({
    contactId: idSchema.nullable(),
    /** A language tag (BCP 47), as the team noted it. */
    language: z.string().nullable(),
    /** Since when the customer wants no marketing messages, as they told WhatsApp; null = they said nothing of the kind. */
    marketingStoppedAt: timeSchema.nullable(),
    /** What the team keeps of the customer, name by name. */
    attributes: z.record(z.string(), z.string()),
    /** Newest first. */
    cases: z.array(caseSchema),
  })
  .meta({ id: 'ContactDetails' });
export type ContactDetails = z.infer<typeof contactDetailsSchema>;

/** Only what is named changes; null takes an attribute or the language away. */
export const updateContactSchema = z
  .strictObject({
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .max(35)
      .nullish(),
    attributes: z
      .record(textSchema.trim().min(1).max(60), textSchema.trim().min(1).max(500).nullable())
      .refine((record) => Object.keys(record).length <= ATTRIBUTES_MAX, 'too many')
      .optional(),
  })
  .meta({ id: 'UpdateContact' });
export type UpdateContact = z.infer<typeof updateContactSchema>;

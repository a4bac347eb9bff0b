import { textSchema } from './common.js';
import { TAG_MAX_CHARS } from './constants.js';
import { z } from './zod.js';

/** A tag's name. Two that differ in capitals alone are one. */
export const tagNameSchema = textSchema.trim().min(1).max(TAG_MAX_CHARS);

/** Every tag that there is, in alphabetical order. */
export const tagListSchema = z.object({ items: z.array(z.string()) }).meta({ id: 'TagList' });
export type TagList = z.infer<typeof tagListSchema>;

/** A tag with how many conversations have it. */
export const tagUsageSchema = z
  .object({ name: z.string(), conversations: z.int().nonnegative() })
  .meta({ id: 'TagUsage' });
export type TagUsage = z.infer<typeof tagUsageSchema>;

/** `underway`: tags whose threads are still being rewritten, and how many are left. */
export const tagUsageListSchema = z
  .object({
    items: z.array(tagUsageSchema),
    underway: z.array(z.object({ from: z.string(), to: z.string().nullable(), conversations: z.int().nonnegative() })),
  })
  .meta({ id: 'TagUsageList' });
export type TagUsageList = z.infer<typeof tagUsageListSchema>;

export const createTagSchema = z.strictObject({ name: tagNameSchema }).meta({ id: 'CreateTag' });
export type CreateTag = z.infer<typeof createTagSchema>;

/** Another name. Where a tag of that name exists the two become one, if `merge` says that this is meant. */
export const renameTagSchema = z
  .strictObject({ name: tagNameSchema, merge: z.boolean().default(false) })
  .meta({ id: 'RenameTag' });
export type RenameTag = z.infer<typeof renameTagSchema>;

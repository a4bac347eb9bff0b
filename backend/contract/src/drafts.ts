import { cursorSchema, idSchema, timeSchema } from './common.js';
import { TEXT_BODY_MAX_CHARS } from './constants.js';
import { z } from './zod.js';

export const draftModes = ['reply', 'note'] as const;
export type DraftMode = (typeof draftModes)[number];
export const draftModeSchema = z.enum(draftModes);

/** Words that an agent has not sent yet: one for each thread and mode, the same in every browser of the agent. */
export const draftSchema = z
  .object({
    conversationId: idSchema,
    mode: draftModeSchema,
    /** Empty = there is none any more; its `rev` still moves, so that a late save cannot bring it back. */
    body: z.string(),
    rev: z.int().positive(),
    updatedAt: timeSchema,
  })
  .meta({ id: 'Draft' });
export type Draft = z.infer<typeof draftSchema>;

export const draftListSchema = z
  .object({ items: z.array(draftSchema), syncCursor: cursorSchema })
  .meta({ id: 'DraftList' });
export type DraftList = z.infer<typeof draftListSchema>;

/** `basedOn` is the `rev` that the writer had; 0 = none. A save on top of anything else is refused (`draft.changed`). */
export const saveDraftSchema = z
  .strictObject({
    // Longer than a message may be: what is too long is shown as such, not lost.
    body: z
      .string()
      .max(4 * TEXT_BODY_MAX_CHARS)
      .transform((text) => text.toWellFormed().replaceAll('\0', '')),
    basedOn: z.int().nonnegative(),
  })
  .meta({ id: 'SaveDraft' });
export type SaveDraft = z.infer<typeof saveDraftSchema>;

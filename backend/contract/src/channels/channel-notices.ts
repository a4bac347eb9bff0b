import { idSchema, timeSchema } from '../common.js';
import { z } from '../zod.js';

/** How far the history of the phone app on the same number has come. Meta sends it in three phases, the newest first. */
export const historyImportSchema = z
  .object({
    /** `declined`: whoever holds the phone does not share it, and Meta sends nothing more. */
    state: z.enum(['running', 'done', 'declined']),
    /** 0 = the last day, 1 = the last 90 days, 2 = the last 180. */
    phase: z.int().nonnegative(),
    /** Per cent of all, as Meta says it. */
    progress: z.int().min(0).max(100),
    /** How many messages it brought. */
    messages: z.int().nonnegative(),
    /** Why it was declined, in Meta's words. */
    reason: z.string().nullable(),
    startedAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'HistoryImport' });
export type HistoryImport = z.infer<typeof historyImportSchema>;

/** What Meta said about the number as a whole. */
export const channelNoticeSchema = z
  .object({
    id: idSchema,
    code: z.int().nullable(),
    title: z.string(),
    detail: z.string().nullable(),
    createdAt: timeSchema,
  })
  .meta({ id: 'ChannelNotice' });
export type ChannelNotice = z.infer<typeof channelNoticeSchema>;

/** The newest notices of a number first, and its import; `history` is null where none ever began. */
export const channelNoticesSchema = z
  .object({ items: z.array(channelNoticeSchema), history: historyImportSchema.nullable() })
  .meta({ id: 'ChannelNotices' });
export type ChannelNotices = z.infer<typeof channelNoticesSchema>;

import { timeSchema } from './common.js';
import { notifyEvents, notifyLevels, UNDO_SEND_MAX_SECONDS } from './constants.js';
import { z } from './zod.js';

export const themeChoices = ['light', 'dark', 'system'] as const;
export type ThemeChoice = (typeof themeChoices)[number];
export const densities = ['comfortable', 'compact'] as const;
export type Density = (typeof densities)[number];

/** An agent's taste, kept on the server so that it is the same in every browser. Absent = as the console decides. */
export const preferencesSchema = z
  .object({
    theme: z.enum(themeChoices).optional(),
    density: z.enum(densities).optional(),
    /** Keys of a single letter (WCAG 2.1.4: they can be turned off). */
    singleKeys: z.boolean().optional(),
    /** A language of the console, as in its address: `en`, `ar`. */
    locale: z
      .string()
      .regex(/^[a-z]{2}(-[A-Z]{2})?$/)
      .optional(),
    sounds: z.boolean().optional(),
    /** How loudly the agent is told of what; an event that is not named is told as the console decides. */
    notify: z.partialRecord(z.enum(notifyEvents), z.enum(notifyLevels)).optional(),
    /** Whether pushes may hold the customer’s words, which a locked screen shows to anybody. */
    pushWords: z.boolean().optional(),
    /** For so many seconds a reply is held back for its writer to think again; 0 = it leaves at once. */
    undoSend: z.int().min(0).max(UNDO_SEND_MAX_SECONDS).optional(),
    /** Whether Enter sends; otherwise it breaks the line. */
    enterSends: z.boolean().optional(),
    /** Until then nothing makes a sound or pops up. */
    quietUntil: timeSchema.optional(),
  })
  .meta({ id: 'Preferences' });
export type Preferences = z.infer<typeof preferencesSchema>;

/** Only what is named changes; null forgets a choice. */
export const updatePreferencesSchema = z
  .strictObject({
    theme: preferencesSchema.shape.theme.nullable(),
    density: preferencesSchema.shape.density.nullable(),
    singleKeys: preferencesSchema.shape.singleKeys.nullable(),
    locale: preferencesSchema.shape.locale.nullable(),
    sounds: preferencesSchema.shape.sounds.nullable(),
    notify: preferencesSchema.shape.notify.nullable(),
    pushWords: preferencesSchema.shape.pushWords.nullable(),
    undoSend: preferencesSchema.shape.undoSend.nullable(),
    enterSends: preferencesSchema.shape.enterSends.nullable(),
    quietUntil: z.iso.datetime({ offset: true }).nullish(),
  })
  .meta({ id: 'UpdatePreferences' });
export type UpdatePreferences = z.infer<typeof updatePreferencesSchema>;

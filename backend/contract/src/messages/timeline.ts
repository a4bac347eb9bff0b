import { callSchema } from './calls.js';
import { idSchema, senderSchema, timeSchema } from '../common.js';
import { z } from '../zod.js';

/** What happened to the conversation, shown as a small line in the thread. */
export const timelineKinds = [
  'opened',
  'reopened',
  'claimed',
  'released',
  'assigned',
  'team_changed',
  'resolved',
  'snoozed',
  'woken',
  'taken_over',
  'replied_by_other',
  'bot_handed_over',
  'number_changed',
  'id_changed',
  'merged',
  'undone',
  'call',
  'blocked',
  'unblocked',
  'identity_changed',
  'marketing_stopped',
  'marketing_resumed',
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
    /** The agent or team it was given to (`assigned`, `team_changed`), or who owned it before (`released`, `taken_over`). */
    target: z.object({ id: idSchema, name: z.string() }).nullable(),
    /** Of `snoozed`: until when. */
    until: timeSchema.nullable(),
    /** Of `call`. */
    call: callSchema.optional(),
    /** Moves with every change of an entry that can change (a `call`): apply one only if its `rev` is greater. */
    rev: z.int().positive().optional(),
    createdAt: timeSchema,
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

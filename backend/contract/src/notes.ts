import { idSchema, personSchema, senderSchema, textSchema, timeSchema } from './common.js';
import { NOTE_MAX_CHARS } from './constants.js';
import { z } from './zod.js';

/** What the team writes to itself in a thread. It is no message: nothing that sends ever reads it. */
export const noteSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    /** Moves with every change: apply a payload only if its `rev` is greater. */
    rev: z.int().positive(),
    /** `seq` of the last message when it was written: it stands after that message. */
    afterSeq: z.int().nonnegative(),
    author: senderSchema,
    /** Empty once it was deleted. */
    body: z.string(),
    /** The colleagues it names; in the body they stand as `@Name`. */
    mentions: z.array(personSchema),
    /** The message it is about. */
    messageId: idSchema.nullable(),
    pinned: z.boolean(),
    createdAt: timeSchema,
    editedAt: timeSchema.nullable(),
    deletedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Note' });
export type Note = z.infer<typeof noteSchema>;

const bodySchema = textSchema.trim().min(1).max(NOTE_MAX_CHARS);
const mentionsSchema = z.array(idSchema).max(20);

export const createNoteSchema = z
  .strictObject({
    /** Made once per written note by the client; repeating it returns the same note. */
    clientNoteId: idSchema,
    body: bodySchema,
    /** Agents to tell; each must be able to see the conversation. */
    mentions: mentionsSchema.default([]),
    messageId: idSchema.nullish(),
  })
  .meta({ id: 'CreateNote' });
export type CreateNote = z.infer<typeof createNoteSchema>;

/** The author changes the words; whoever sees the thread may pin. */
export const updateNoteSchema = z
  .strictObject({ body: bodySchema.optional(), mentions: mentionsSchema.optional(), pinned: z.boolean().optional() })
  .meta({ id: 'UpdateNote' });
export type UpdateNote = z.infer<typeof updateNoteSchema>;

export const noteListSchema = z.object({ items: z.array(noteSchema) }).meta({ id: 'NoteList' });
export type NoteList = z.infer<typeof noteListSchema>;

/**
 * Somebody named the receiving agent in a note; sent to that agent alone. What the note says is asked for, so that who
 * lost sight of the conversation since learns nothing.
 */
export const mentionSchema = z
  .object({ noteId: idSchema, conversationId: idSchema, author: senderSchema, createdAt: timeSchema })
  .meta({ id: 'Mention' });
export type Mention = z.infer<typeof mentionSchema>;

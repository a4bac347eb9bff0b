import { z } from './zod.js';

/** UUIDv7 made by the application, in small letters; Meta's own ids are opaque text and never use this schema. */
export const idSchema = z.uuid().toLowerCase();

/** Text as PostgreSQL can hold it: no U+0000 and no half of a surrogate pair, which no screen could show either. */
export const textSchema = z
  .string()
  .refine((text) => !/[\0\p{Surrogate}]/u.test(text), 'holds characters that are no text');

/** ISO 8601 in UTC with milliseconds. */
export const timeSchema = z.iso.datetime({ precision: 3 });

/** Opaque position: in the log (`syncCursor`, event cursors) or in a list (`nextCursor`). */
export const cursorSchema = z.string().min(1).max(512);

/** Path parameter `:id`. */
export type Id = z.infer<typeof idSchema>;

/** Somebody named on a screen. */
export const personSchema = z.object({ id: idSchema, name: z.string() }).meta({ id: 'Person' });
export type Person = z.infer<typeof personSchema>;

/** What tells business numbers apart at a glance. */
export const channelColours = ['teal', 'blue', 'green', 'amber', 'red', 'grey'] as const;
export type ChannelColour = (typeof channelColours)[number];

export const senderTypes = ['contact', 'agent', 'bot', 'system'] as const;
export type SenderType = (typeof senderTypes)[number];

export const senderSchema = z
  .object({ type: z.enum(senderTypes), id: idSchema.nullable(), name: z.string() })
  .meta({ id: 'Sender' });

/** Page size of every list. */
export const limitSchema = z.coerce.number().int().min(1).max(100).default(50);

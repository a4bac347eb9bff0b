import { cursorSchema, limitSchema } from '../common.js';
import { messageSchema } from './messages.js';
import { z } from '../zod.js';

/** `media`: pictures and films · `files`: documents, audio, voice notes · `links`: words with an address in them. */
export const galleryKinds = ['media', 'files', 'links'] as const;
export type GalleryKind = (typeof galleryKinds)[number];

export const galleryQuerySchema = z.object({
  kind: z.enum(galleryKinds),
  /** `nextCursor` of the page before. */
  before: cursorSchema.optional(),
  limit: limitSchema,
});
export type GalleryQuery = z.infer<typeof galleryQuerySchema>;

/** The messages of a conversation that carry something of one kind, newest first. */
export const gallerySchema = z
  .object({ items: z.array(messageSchema), nextCursor: cursorSchema.nullable() })
  .meta({ id: 'Gallery' });
export type Gallery = z.infer<typeof gallerySchema>;

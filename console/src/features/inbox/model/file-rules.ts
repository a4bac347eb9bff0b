import { CAPTION_MAX_CHARS, FILE_LIMITS, type FileKind } from '@parley/contract/constants';

/** Why a file cannot go out as it is. */
export type FileProblem = { key: 'tooLarge'; maxBytes: number } | { key: 'type' } | { key: 'empty' };

const kindsByType: readonly (readonly [string, FileKind])[] = [
  ['image/jpeg', 'image'],
  ['image/png', 'image'],
  ['video/mp4', 'video'],
  ['video/3gpp', 'video'],
  ['audio/aac', 'audio'],
  ['audio/amr', 'audio'],
  ['audio/mpeg', 'audio'],
  ['audio/mp4', 'audio'],
  ['audio/x-m4a', 'audio'],
  ['audio/ogg', 'audio'],
  // Meta takes it as a sticker, and as nothing else.
  ['image/webp', 'sticker'],
];

/** Endings that Meta takes as documents, also where the system does not know the type. */
const DOCUMENT = /\.(pdf|txt|csv|docx?|xlsx?|pptx?)$/i;

/** How a file goes out: as what it is where Meta takes that, else as a document. */
export const kindOf = ({ type }: Pick<File, 'type'>): FileKind =>
  kindsByType.find(([mimeType]) => mimeType === type)?.[1] ?? 'document';

/**
 * Judged before a byte is uploaded, by Meta's limits; the server judges again, by the bytes: a sticker that does not move
 * has less room.
 */
export function problemOf(
  { type, name, size }: Pick<File, 'type' | 'name' | 'size'>,
  kind: FileKind,
): FileProblem | null {
  if (size === 0) return { key: 'empty' };
  const isTaken =
    kind !== 'document' ||
    DOCUMENT.test(name) ||
    type.startsWith('text/plain') ||
    Object.values(FILE_LIMITS).some(({ mimeTypes }) => mimeTypes.includes(type));
  if (!isTaken) return { key: 'type' };
  const { maxBytes } = FILE_LIMITS[kind];
  return size > maxBytes ? { key: 'tooLarge', maxBytes } : null;
}

/** Meta shows no words with sound and stickers. */
export const takesCaption = (kind: FileKind): boolean => ['image', 'video', 'document'].includes(kind);

/** Characters beyond Meta's limit. */
export const captionOver = (caption: string): number => Math.max(0, caption.length - CAPTION_MAX_CHARS);

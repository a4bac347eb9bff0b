const MEGABYTE = 1024 * 1024;

interface MediaKind {
  maxBytes: number;
  mimeTypes: readonly string[];
}

/** What each kind of message takes (Meta: media, supported types). */
const kinds: Readonly<Record<string, MediaKind>> = {
  audio: {
    maxBytes: 16 * MEGABYTE,
    mimeTypes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
  },
  image: { maxBytes: 5 * MEGABYTE, mimeTypes: ['image/jpeg', 'image/png'] },
  sticker: { maxBytes: 512 * 1024, mimeTypes: ['image/webp'] },
  video: { maxBytes: 16 * MEGABYTE, mimeTypes: ['video/mp4', 'video/3gpp'] },
  document: {
    maxBytes: 100 * MEGABYTE,
    mimeTypes: [
      'text/plain',
      'application/pdf',
      'application/msword',
      'application/vnd.ms-excel',
      'application/vnd.ms-powerpoint',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
  },
};

/** Largest upload of this MIME type; undefined for a type the Cloud API does not take at all. */
export function maxUploadBytes(mimeType: string): number | undefined {
  const bare = bareMimeType(mimeType);
  return Object.values(kinds).find((kind) => kind.mimeTypes.includes(bare))?.maxBytes;
}

/** Whether a message of this type can carry a file of this MIME type. A document carries any. */
export function kindAllows(messageType: string, mimeType: string): boolean {
  const kind = kinds[messageType];
  return kind === undefined || messageType === 'document' || kind.mimeTypes.includes(bareMimeType(mimeType));
}

function bareMimeType(mimeType: string): string {
  return (mimeType.split(';')[0] ?? '').trim().toLowerCase();
}

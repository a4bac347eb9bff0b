import { FILE_LIMITS, STILL_STICKER_MAX_BYTES, type FileKind } from '@parley/contract';
import { DomainError } from '../common/domain.error.js';
import type { FileFacts } from './files/file-facts.js';

/** `media.too_large` with `maxBytes`. */
export const fileTooLarge = (kind: FileKind, maxBytes = FILE_LIMITS[kind].maxBytes): DomainError =>
  new DomainError('media.too_large', 413, `WhatsApp takes at most ${maxBytes} bytes of this kind.`, { maxBytes });

/** `media.unsupported` with `mimeTypes`, those that would do. */
const unsupported = (kind: FileKind, why: string): DomainError =>
  new DomainError('media.unsupported', 422, why, { mimeTypes: FILE_LIMITS[kind].mimeTypes });

/**
 * Whether Meta takes this file as this kind, judged by its own bytes (Cloud API, media, supported types).
 * @throws DomainError media.unsupported, media.too_large
 */
export function assertSendable(kind: FileKind, size: number, facts: FileFacts): void {
  if (size === 0) throw unsupported(kind, 'The file is empty.');
  if (size > FILE_LIMITS[kind].maxBytes) throw fileTooLarge(kind);
  const { mimeType } = facts;
  // As a document any file goes that is of a type Meta takes at all.
  const taken =
    kind === 'document' ? Object.values(FILE_LIMITS).flatMap((limit) => limit.mimeTypes) : FILE_LIMITS[kind].mimeTypes;
  if (!taken.includes(mimeType)) throw unsupported(kind, `WhatsApp does not take ${mimeType} as this kind.`);
  if (kind === 'sticker' && !facts.isAnimated && size > STILL_STICKER_MAX_BYTES) {
    throw fileTooLarge(kind, STILL_STICKER_MAX_BYTES);
  }
  if (mimeType === 'audio/ogg' && facts.channels !== 1) throw unsupported(kind, 'WhatsApp takes Opus in mono only.');
}

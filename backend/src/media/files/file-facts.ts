import { open } from 'node:fs/promises';
import { bareType, isText, officeType, typeOfBytes } from './file-type.js';
import { filmFacts } from './film-facts.js';
import { opusFacts } from './ogg-facts.js';
import { pictureFacts } from './picture-size.js';

/** What a file is, as its own bytes say. */
export interface FileFacts {
  mimeType: string;
  width: number | null;
  height: number | null;
  durationMs: number | null;
  isAnimated: boolean;
  /** Of Opus in Ogg. */
  channels: number | null;
}

const HEAD_BYTES = 256 * 1_024;
export const OPAQUE_TYPE = 'application/octet-stream';

/**
 * Looks into a file. What its bytes do not tell is taken from what was announced; of text nothing is believed but that
 * it is text, for a browser must never be led to run it.
 */
export async function fileFacts(
  path: string,
  announcedType: string | null,
  fileName: string | null,
): Promise<FileFacts> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
    await file.read(head, 0, head.length, 0);
    const told = typeOfBytes(head);
    const facts: FileFacts = {
      mimeType: told ?? (isText(head) ? 'text/plain' : OPAQUE_TYPE),
      width: null,
      height: null,
      durationMs: null,
      isAnimated: false,
      channels: null,
    };
    if (told === null) return facts;
    if (told.startsWith('image/')) return { ...facts, ...pictureFacts(told, head) };
    if (told === 'audio/ogg') return { ...facts, ...(await opusFacts(file, size, head)) };
    if (/^(audio|video)\/(mp4|3gpp|quicktime)$/.test(told)) {
      const { hasPicture, ...film } = await filmFacts(file, size);
      const isSound = told === 'video/mp4' && !hasPicture && film.durationMs !== null;
      return { ...facts, ...film, ...(isSound && { mimeType: 'audio/mp4' }) };
    }
    if (told === 'application/zip' || told === 'application/x-ole-storage') {
      return { ...facts, mimeType: officeType(told, fileName) ?? officeOf(announcedType) ?? told };
    }
    return facts;
  } finally {
    await file.close();
  }
}

/** Of customers' documents without a telling name. */
function officeOf(announcedType: string | null): string | null {
  const bare = bareType(announcedType);
  return bare !== null && /^application\/(msword|vnd\.(ms-|openxmlformats-|oasis\.))/.test(bare) ? bare : null;
}

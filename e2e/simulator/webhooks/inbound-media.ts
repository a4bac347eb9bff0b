import { asText, isJson, type Json } from '../core/json.ts';
import type { MediaStore } from '../state/media-store.ts';

/** A transparent picture of one pixel. */
const SAMPLE_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const MIME_BY_TYPE: Readonly<Record<string, string>> = {
  image: 'image/png',
  video: 'video/mp4',
  audio: 'audio/ogg; codecs=opus',
  document: 'application/pdf',
  sticker: 'image/webp',
};

/**
 * Gives a media message without an `id` a real file that can be resolved and downloaded: the base64 bytes of `data`
 * (which never go on the wire), or a tiny sample.
 */
export function completeMedia(content: Json, type: string, media: MediaStore): Json {
  const mimeType = MIME_BY_TYPE[type];
  const part = content[type];
  if (mimeType === undefined || !isJson(part) || asText(part['id']) !== undefined) return content;
  const { data, mime_type: givenMimeType, ...rest } = part;
  const bytes = Buffer.from(asText(data) ?? SAMPLE_PNG, 'base64');
  const stored = media.add(bytes, asText(givenMimeType) ?? (data === undefined ? 'image/png' : mimeType));
  const url = media.createUrl(stored.id, Date.now());
  return {
    ...content,
    [type]: { ...rest, mime_type: stored.mimeType, sha256: stored.sha256, id: stored.id, url },
  };
}

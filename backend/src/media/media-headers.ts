import { OPAQUE_TYPE } from './files/file-facts.js';
import { isShownInPlace } from './files/file-type.js';
import type { MediaFile } from './media-files.repository.js';

/** A customer's file is a stranger's: the browser may show safe kinds, run nothing, and keep no copy. */
export function mediaHeaders(file: MediaFile, asDownload: boolean): Record<string, string> {
  const isSafe = file.mimeType !== null && isShownInPlace(file.mimeType);
  return {
    'content-type': isSafe ? (file.mimeType ?? OPAQUE_TYPE) : OPAQUE_TYPE,
    'content-disposition': disposition(isSafe && !asDownload ? 'inline' : 'attachment', file.fileName),
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-store',
    'accept-ranges': 'bytes',
  };
}

/** RFC 6266, with the name in both forms: plain for old clients, RFC 8187 for all others. */
function disposition(kind: 'inline' | 'attachment', fileName: string | null): string {
  const name = (fileName ?? '').toWellFormed().replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_');
  if (name.trim() === '') return kind;
  const plain = name.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const extended = encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${extended}`;
}

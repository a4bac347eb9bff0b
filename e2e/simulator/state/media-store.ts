import { createHash, randomBytes } from 'node:crypto';
import { createGraphId } from '../core/ids.ts';

export interface StoredMedia {
  id: string;
  bytes: Buffer;
  mimeType: string;
  /** Base64, as message webhooks write it. */
  sha256: string;
}

const MAX_BYTES_IN_ALL = 256 * 1024 * 1024;
/** Meta: media, a download URL lives five minutes. */
const URL_LIFETIME_MS = 5 * 60 * 1_000;
const MAX_URLS = 10_000;

/** Uploaded files and those that customers sent, in memory; the oldest go first. */
export class MediaStore {
  private readonly media = new Map<string, StoredMedia>();
  private readonly urls = new Map<string, { mediaId: string; expiresAtMs: number }>();
  private sizeBytes = 0;
  private origin = '';

  /** Where the bytes are served: another origin than the API's, as at Meta. */
  serveFrom(origin: string): void {
    this.origin = origin;
  }

  add(bytes: Buffer, mimeType: string): StoredMedia {
    const sha256 = createHash('sha256').update(bytes).digest('base64');
    const stored: StoredMedia = { id: createGraphId(), bytes, mimeType, sha256 };
    this.media.set(stored.id, stored);
    this.sizeBytes += bytes.length;
    for (const oldest of this.media.keys()) {
      if (this.sizeBytes <= MAX_BYTES_IN_ALL || oldest === stored.id) break;
      this.delete(oldest);
    }
    return stored;
  }

  find(id: string): StoredMedia | undefined {
    return this.media.get(id);
  }

  delete(id: string): boolean {
    this.sizeBytes -= this.media.get(id)?.bytes.length ?? 0;
    return this.media.delete(id);
  }

  /** A fresh URL for the bytes; each works for five minutes and needs the access token. */
  createUrl(id: string, nowMs: number): string {
    const ticket = randomBytes(12).toString('base64url');
    const expiresAtMs = nowMs + URL_LIFETIME_MS;
    this.urls.set(ticket, { mediaId: id, expiresAtMs });
    for (const oldest of this.urls.keys()) {
      if (this.urls.size <= MAX_URLS) break;
      this.urls.delete(oldest);
    }
    const query = new URLSearchParams({ mid: id, ext: String(Math.floor(expiresAtMs / 1_000)), hash: ticket });
    return `${this.origin}/whatsapp_business/attachments/?${query.toString()}`;
  }

  /** What a download URL stands for; undefined once it has expired. */
  findByTicket(ticket: string, nowMs: number): StoredMedia | undefined {
    const url = this.urls.get(ticket);
    return url && url.expiresAtMs > nowMs ? this.media.get(url.mediaId) : undefined;
  }

  clear(): void {
    this.media.clear();
    this.urls.clear();
    this.sizeBytes = 0;
  }
}

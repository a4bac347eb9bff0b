import { randomBytes } from 'node:crypto';

/** What a session takes (Meta: resumable upload API; samples of template headers). */
const TYPES = new Set(['image/jpeg', 'image/png', 'video/mp4', 'application/pdf']);
const MAX_KEPT = 1_000;

/** Samples of template headers: sessions that wait for their bytes, and the handles of those that came. */
export class Uploads {
  private readonly sessions = new Map<string, number>();
  private readonly handles = new Set<string>();

  /** A session for a file of this type and length; null when Meta takes no such file. */
  begin(mimeType: string, length: number): string | null {
    if (!TYPES.has(mimeType) || !(length > 0)) return null;
    if (this.sessions.size >= MAX_KEPT) this.sessions.clear();
    const id = `upload:${randomBytes(18).toString('base64url')}`;
    this.sessions.set(id, length);
    return id;
  }

  /** The handle for a session whose bytes came as announced; null when they did not. */
  finish(id: string, length: number): string | null {
    if (this.sessions.get(id) !== length) return null;
    this.sessions.delete(id);
    if (this.handles.size >= MAX_KEPT) this.handles.clear();
    const handle = `4::${randomBytes(24).toString('base64url')}`;
    this.handles.add(handle);
    return handle;
  }

  has(handle: string): boolean {
    return this.handles.has(handle);
  }

  clear(): void {
    this.sessions.clear();
    this.handles.clear();
  }
}

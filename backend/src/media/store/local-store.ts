import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange, IncomingFile, MediaStore } from './media-store.js';

/** Files in a folder. Several instances need one shared folder. */
export class LocalStore implements MediaStore {
  constructor(private readonly root: string) {}

  /** Inside the root, so that a file moves to its place in one step. */
  async incomingFolder(): Promise<string> {
    const folder = join(this.root, 'incoming');
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async put(id: string, { path }: IncomingFile): Promise<void> {
    const target = this.pathOf(id);
    await mkdir(dirname(target), { recursive: true });
    const file = await open(path, 'r');
    await file.sync().finally(() => file.close());
    await rename(path, target);
  }

  async read(id: string, range: ByteRange | null): Promise<Readable | null> {
    try {
      const file = await open(this.pathOf(id), 'r');
      // The stream closes the handle at its end, also when the reader goes away.
      return createReadStream('', { fd: file, ...(range && { start: range.first, end: range.last }) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true });
  }

  /** Ids are UUIDs of our own. The end of a UUIDv7 is random: it spreads the files over folders evenly. */
  private pathOf(id: string): string {
    return join(this.root, id.slice(-2), id);
  }
}

import type { Readable } from 'node:stream';

/** Injection token of the place where the bytes of files are kept. */
export const MEDIA_STORE = Symbol('MEDIA_STORE');

/** First and last byte, both included. */
export interface ByteRange {
  first: number;
  last: number;
}

/** A file that is complete on this machine's disk and is about to be kept. */
export interface IncomingFile {
  path: string;
  size: number;
  /** In hex. */
  sha256: string;
  mimeType: string;
}

/** Where bytes are kept under the id of their file. Every act may be repeated without harm. */
export interface MediaStore {
  /** A folder on the disk where a file grows until it is complete; made when it is missing. */
  incomingFolder(): Promise<string>;
  /** Takes the file away from its path, or copies it; the caller deletes what is left there. */
  put(id: string, file: IncomingFile): Promise<void>;
  /** The bytes, or null when there are none under this id. */
  read(id: string, range: ByteRange | null): Promise<Readable | null>;
  /** Also when there is nothing. */
  remove(id: string): Promise<void>;
}

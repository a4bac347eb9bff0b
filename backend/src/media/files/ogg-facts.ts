import type { FileHandle } from 'node:fs/promises';

/** Ogg pages are at most 65,307 bytes (RFC 3533 §6), so the last page begins in here. */
const TAIL_BYTES = 66_000;
const SAMPLES_PER_MS = 48;

/** Channels and length of an Ogg Opus file (RFC 7845): granule positions count at 48 kHz, whatever the input was. */
export async function opusFacts(
  file: FileHandle,
  size: number,
  head: Buffer,
): Promise<{ channels: number; durationMs: number | null }> {
  const channels = head.length > 37 ? head.readUInt8(37) : 0;
  const preSkip = head.length > 39 ? head.readUInt16LE(38) : 0;
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  await file.read(tail, 0, tail.length, size - tail.length);
  const lastPage = tail.lastIndexOf('OggS');
  if (lastPage === -1 || lastPage + 14 > tail.length) return { channels, durationMs: null };
  const samples = Number(tail.readBigInt64LE(lastPage + 6)) - preSkip;
  return { channels, durationMs: samples > 0 ? Math.round(samples / SAMPLES_PER_MS) : null };
}

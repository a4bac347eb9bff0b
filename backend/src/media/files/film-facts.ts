import type { FileHandle } from 'node:fs/promises';

export interface FilmFacts {
  width: number | null;
  height: number | null;
  durationMs: number | null;
  hasPicture: boolean;
}

const NOTHING: FilmFacts = { width: null, height: null, durationMs: null, hasPicture: false };
/** A film's directory (`moov`) is small; one that is larger is not worth its memory. */
const LONGEST_DIRECTORY = 8 * 1_024 * 1_024;
const MOST_BOXES = 64;

/** Size and length of an MP4 or 3GP file (ISO/IEC 14496-12): its directory may stand behind the data. */
export async function filmFacts(file: FileHandle, size: number): Promise<FilmFacts> {
  try {
    const header = Buffer.alloc(16);
    for (let at = 0, box = 0; at + 8 <= size && box < MOST_BOXES; box += 1) {
      await file.read(header, 0, 16, at);
      let length = header.readUInt32BE(0);
      if (length === 1) length = Number(header.readBigUInt64BE(8));
      else if (length === 0) length = size - at;
      if (length < 8) return NOTHING;
      if (header.toString('latin1', 4, 8) === 'moov') {
        if (length > LONGEST_DIRECTORY) return NOTHING;
        const directory = Buffer.alloc(Math.min(length, size - at));
        await file.read(directory, 0, directory.length, at);
        return factsOf(directory);
      }
      at += length;
    }
  } catch {
    // Broken: it can still be downloaded.
  }
  return NOTHING;
}

function factsOf(directory: Buffer): FilmFacts {
  const facts = { ...NOTHING };
  walk(directory, 8, directory.length, (name, body) => {
    if (name === 'mvhd') {
      const long = body.readUInt8(0) === 1;
      const timescale = body.readUInt32BE(long ? 20 : 12);
      const units = long ? Number(body.readBigUInt64BE(24)) : body.readUInt32BE(16);
      if (timescale > 0) facts.durationMs = Math.round((units / timescale) * 1_000);
    }
    if (name !== 'tkhd') return;
    const matrix = body.readUInt8(0) === 1 ? 52 : 40;
    const width = body.readUInt32BE(matrix + 36) >>> 16;
    const height = body.readUInt32BE(matrix + 40) >>> 16;
    if (width === 0 || height === 0) return; // a sound track
    // A quarter turn has nothing in the first place of its matrix.
    const isTurned = body.readInt32BE(matrix) === 0;
    [facts.width, facts.height] = isTurned ? [height, width] : [width, height];
    facts.hasPicture = true;
  });
  return facts;
}

function walk(buffer: Buffer, from: number, to: number, visit: (name: string, body: Buffer) => void): void {
  for (let at = from; at + 8 <= to;) {
    const length = buffer.readUInt32BE(at);
    if (length < 8 || at + length > to) return;
    const name = buffer.toString('latin1', at + 4, at + 8);
    if (name === 'trak') walk(buffer, at + 8, at + length, visit);
    else visit(name, buffer.subarray(at + 8, at + length));
    at += length;
  }
}

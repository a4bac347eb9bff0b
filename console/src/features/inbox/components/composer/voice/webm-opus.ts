/** Opus packets of a recording, and what its header says (RFC 7845 §5.1). */
export interface OpusStream {
  /** Samples at 48 kHz that a player leaves out at the beginning. */
  preSkip: number;
  packets: Uint8Array[];
}

/** Elements that hold others (RFC 9559): gone into, so that a length that is not known does no harm. */
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const BLOCK_GROUP = 0xa0;
const HOLDERS = new Set([SEGMENT, CLUSTER, TRACKS, TRACK_ENTRY, BLOCK_GROUP]);
const CODEC_PRIVATE = 0x63a2;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;
const LACING = 0x06;
const OPUS_HEAD = 'OpusHead';
/** 6.5 ms at 48 kHz, what encoders need (RFC 7845 §4.2), where no header says it. */
const USUAL_PRE_SKIP = 312;

/**
 * Reads what a browser's `MediaRecorder` writes: WebM with one Opus track.
 * @throws Error when it is something else
 */
export function readWebmOpus(bytes: Uint8Array): OpusStream {
  const stream: OpusStream = { preSkip: USUAL_PRE_SKIP, packets: [] };
  let at = 0;
  if (bytes.length < 4 || readId(bytes, 0).value !== 0x1a45dfa3) throw new Error('this is no WebM');
  while (at < bytes.length) {
    const id = readId(bytes, at);
    const size = readSize(bytes, at + id.length);
    const start = at + id.length + size.length;
    if (HOLDERS.has(id.value)) {
      at = start;
      continue;
    }
    // The last element may be cut off when the recording was.
    const end = Math.min(size.value ?? bytes.length, bytes.length - start) + start;
    if (id.value === CODEC_PRIVATE) stream.preSkip = preSkipOf(bytes.subarray(start, end)) ?? stream.preSkip;
    if ((id.value === SIMPLE_BLOCK || id.value === BLOCK) && end === start + (size.value ?? -1)) {
      const packet = packetOf(bytes.subarray(start, end));
      if (packet.length > 0) stream.packets.push(packet);
    }
    at = end;
  }
  if (stream.packets.length === 0) throw new Error('nothing was recorded');
  return stream;
}

/** After track number, time and flags. */
function packetOf(block: Uint8Array): Uint8Array {
  const header = readSize(block, 0).length + 3;
  if (((block[header - 1] ?? 0) & LACING) !== 0) throw new Error('laced blocks are not expected of a recorder');
  return block.slice(header);
}

function preSkipOf(head: Uint8Array): number | null {
  const name = String.fromCharCode(...head.subarray(0, OPUS_HEAD.length));
  return name === OPUS_HEAD && head.length >= 12 ? (head[10] ?? 0) | ((head[11] ?? 0) << 8) : null;
}

/** Bytes of a variable-length number: the leading zeros of its first byte say it (RFC 8794 §4). */
const lengthAt = (bytes: Uint8Array, at: number): number => Math.clz32((bytes[at] ?? 0) | 1) - 23;

function readId(bytes: Uint8Array, at: number): { value: number; length: number } {
  const length = lengthAt(bytes, at);
  let value = 0;
  for (let index = 0; index < length; index += 1) value = value * 256 + (bytes[at + index] ?? 0);
  return { value, length };
}

/** All ones means "not known": the element goes on to the next of its kind. */
function readSize(bytes: Uint8Array, at: number): { value: number | null; length: number } {
  const length = lengthAt(bytes, at);
  let value = (bytes[at] ?? 0) & (0xff >> length);
  let isUnknown = value === 0xff >> length;
  for (let index = 1; index < length; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value = value * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return { value: isUnknown ? null : value, length };
}

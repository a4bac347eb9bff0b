import type { OpusStream } from './webm-opus.js';

const SERIAL = 0x50_61_72_6c;
const BEGIN = 0x02;
const END = 0x04;
const MAX_SEGMENTS = 255;
/** A page for each second, as voice encoders write them. */
const PAGE_SAMPLES = 48_000;
const VENDOR = 'Parley';

/**
 * Writes Ogg Opus (RFC 3533, RFC 7845) in mono: the channel count of the header is what comes out, so a decoder mixes
 * down packets that were coded in stereo. WhatsApp shows nothing else as a voice note.
 */
export function writeOggOpus({ preSkip, packets }: OpusStream): Uint8Array<ArrayBuffer> {
  const pages: Uint8Array[] = [];
  const push = (content: readonly Uint8Array[], granule: number, flags: number) =>
    pages.push(pageOf(content, granule, flags, pages.length));

  push([headPacket(preSkip)], 0, BEGIN);
  push([tagsPacket()], 0, 0);
  let waiting: Uint8Array[] = [];
  let segments = 0;
  let samples = 0;
  let sinceSamples = 0;
  for (const [index, packet] of packets.entries()) {
    const needed = Math.floor(packet.length / 255) + 1;
    if (waiting.length > 0 && (segments + needed > MAX_SEGMENTS || samples - sinceSamples >= PAGE_SAMPLES)) {
      push(waiting, samples, 0);
      waiting = [];
      segments = 0;
      sinceSamples = samples;
    }
    waiting.push(packet);
    segments += needed;
    samples += samplesOf(packet);
    if (index === packets.length - 1) push(waiting, samples, END);
  }
  return joined(pages);
}

/** Samples at 48 kHz that a packet decodes to, by its first byte (RFC 6716 §3.1). */
export function samplesOf(packet: Uint8Array): number {
  const [toc = 0, counted = 0] = packet;
  const config = toc >> 3;
  const frame =
    config < 12
      ? [480, 960, 1_920, 2_880][config & 3]
      : config < 16
        ? [480, 960][config & 1]
        : [120, 240, 480, 960][config & 3];
  const frames = [1, 2, 2, counted & 0x3f][toc & 3] ?? 0;
  return (frame ?? 0) * frames;
}

function headPacket(preSkip: number): Uint8Array {
  const packet = new Uint8Array(19);
  const view = new DataView(packet.buffer);
  packet.set(ascii('OpusHead'));
  packet[8] = 1;
  packet[9] = 1;
  view.setUint16(10, preSkip, true);
  view.setUint32(12, 48_000, true);
  return packet;
}

function tagsPacket(): Uint8Array {
  const packet = new Uint8Array(8 + 4 + VENDOR.length + 4);
  packet.set(ascii('OpusTags'));
  new DataView(packet.buffer).setUint32(8, VENDOR.length, true);
  packet.set(ascii(VENDOR), 12);
  return packet;
}

function pageOf(packets: readonly Uint8Array[], granule: number, flags: number, sequence: number): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [
    ...new Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  const header = new Uint8Array(27 + lacing.length);
  const view = new DataView(header.buffer);
  header.set(ascii('OggS'));
  header[5] = flags;
  view.setBigUint64(6, BigInt(granule), true);
  view.setUint32(14, SERIAL, true);
  view.setUint32(18, sequence, true);
  header[26] = lacing.length;
  header.set(lacing, 27);
  const page = joined([header, ...packets]);
  new DataView(page.buffer).setUint32(22, checksum(page), true);
  return page;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let remainder = index << 24;
  for (let bit = 0; bit < 8; bit += 1)
    remainder = remainder & 0x80000000 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  return remainder >>> 0;
});

/** CRC-32 as Ogg has it: not reflected, nothing before or after (RFC 3533 §6). */
export function checksum(page: Uint8Array): number {
  let sum = 0;
  for (const byte of page) sum = ((sum << 8) ^ (TABLE[((sum >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return sum;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

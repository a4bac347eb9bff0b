import { describe, expect, it } from 'vitest';
import { checksum, samplesOf, writeOggOpus } from './ogg-opus.js';
import { readWebmOpus } from './webm-opus.js';

/** A packet of 20 ms (SILK, wideband: config 9), recognisable by its bytes. */
const packet = (fill: number, length = 40): Uint8Array =>
  Uint8Array.from([9 << 3, ...new Array<number>(length - 1).fill(fill)]);

const element = (id: number[], content: number[], isOfUnknownSize = false): number[] => {
  const size = isOfUnknownSize
    ? [0x01, 255, 255, 255, 255, 255, 255, 255]
    : [0x40 | (content.length >> 8), content.length & 255];
  return [...id, ...size, ...content];
};
const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0));
const opusHead = [...ascii('OpusHead'), 1, 2, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0];
const block = (data: Uint8Array, time: number) => element([0xa3], [0x81, time >> 8, time & 255, 0x80, ...data]);

/** WebM as Chromium writes it: segment and clusters of unknown size. */
const webm = (clusters: Uint8Array[][], tail: number[] = []): Uint8Array => {
  const track = element(
    [0xae],
    [...element([0xd7], [1]), ...element([0x86], ascii('A_OPUS')), ...element([0x63, 0xa2], opusHead)],
  );
  return Uint8Array.from([
    ...element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], ascii('webm'))),
    ...element([0x18, 0x53, 0x80, 0x67], [], true),
    ...element([0x16, 0x54, 0xae, 0x6b], track),
    ...clusters.flatMap((packets) => [
      ...element([0x1f, 0x43, 0xb6, 0x75], [], true),
      ...element([0xe7], [0]),
      ...packets.flatMap((data, index) => block(data, index * 20)),
    ]),
    ...tail,
  ]);
};

interface Page {
  flags: number;
  granule: number;
  serial: number;
  sequence: number;
  packets: Uint8Array[];
}

/** Reads Ogg page by page, checking each one's sum: written from RFC 3533, not from the writer. */
function pagesOf(bytes: Uint8Array): Page[] {
  const pages: Page[] = [];
  for (let at = 0; at < bytes.length;) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    expect(String.fromCharCode(...bytes.subarray(at, at + 4))).toBe('OggS');
    const count = view.getUint8(26);
    const lacing = [...bytes.subarray(at + 27, at + 27 + count)];
    const length = 27 + count + lacing.reduce((sum, value) => sum + value, 0);
    const page = bytes.slice(at, at + length);
    new DataView(page.buffer).setUint32(22, 0);
    expect(view.getUint32(22, true)).toBe(checksum(page));
    const packets: Uint8Array[] = [];
    let from = 27 + count;
    let size = 0;
    for (const value of lacing) {
      size += value;
      if (value === 255) continue;
      packets.push(page.slice(from, from + size));
      from += size;
      size = 0;
    }
    pages.push({
      flags: view.getUint8(5),
      granule: Number(view.getBigUint64(6, true)),
      serial: view.getUint32(14, true),
      sequence: view.getUint32(18, true),
      packets,
    });
    at += length;
  }
  return pages;
}

describe('a recording of a browser', () => {
  it('becomes Ogg Opus with the same packets, in mono, with right times and sums', () => {
    const packets = Array.from({ length: 120 }, (_, index) => packet(index, index % 7 === 0 ? 300 : 40));
    const pages = pagesOf(writeOggOpus(readWebmOpus(webm([packets.slice(0, 50), packets.slice(50)]))));
    const [head, tags, ...audio] = pages;
    expect([...(head?.packets[0] ?? [])]).toEqual([...ascii('OpusHead'), 1, 1, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0]);
    expect(String.fromCharCode(...(tags?.packets[0] ?? []))).toMatch(/^OpusTags/);
    expect(audio.flatMap((page) => page.packets)).toEqual(packets);
    expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => index));
    expect(new Set(pages.map(({ serial }) => serial)).size).toBe(1);
    expect(pages.map(({ flags }) => flags)).toEqual([2, ...new Array<number>(pages.length - 2).fill(0), 4]);
    expect(audio.map(({ granule }) => granule)).toEqual([48_000, 96_000, 115_200]);
  });

  it('keeps a packet whose length is a multiple of 255', () => {
    const packets = [packet(1, 255), packet(2, 510), packet(3)];
    const pages = pagesOf(writeOggOpus({ preSkip: 312, packets }));
    expect(pages.at(-1)?.packets).toEqual(packets);
  });

  it('loses its last block alone when it was cut off', () => {
    const cut = webm([[packet(1), packet(2)]], [0xa3, 0x40, 0x50, 0x81, 0, 0]);
    expect(readWebmOpus(cut).packets).toHaveLength(2);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['something else', Uint8Array.from(ascii('OggS-and-more'))],
    ['no sound', webm([[]])],
  ])('that is %s is refused', (_what, bytes) => {
    expect(() => readWebmOpus(bytes)).toThrow();
  });

  it.each([
    [[0 << 3], 480],
    [[3 << 3], 2_880],
    [[12 << 3], 480],
    [[13 << 3], 960],
    [[16 << 3], 120],
    [[31 << 3], 960],
    [[(31 << 3) | 1], 1_920],
    [[(1 << 3) | 3, 3], 2_880],
  ])('knows how long a packet of %s lasts', (bytes, samples) => {
    expect(samplesOf(Uint8Array.from(bytes))).toBe(samples);
  });
});

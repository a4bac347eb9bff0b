/** Pixels as shown, and whether the picture moves. */
export interface PictureFacts {
  width: number;
  height: number;
  isAnimated: boolean;
}

/** Reads the size out of the first bytes of a picture; null when they do not say it (yet). */
export function pictureFacts(mimeType: string, head: Buffer): PictureFacts | null {
  try {
    const facts = read(mimeType, head);
    return facts && facts.width > 0 && facts.height > 0 ? facts : null;
  } catch {
    return null; // cut off, or broken
  }
}

function read(mimeType: string, head: Buffer): PictureFacts | null {
  switch (mimeType) {
    case 'image/png':
      return { width: head.readUInt32BE(16), height: head.readUInt32BE(20), isAnimated: head.includes('acTL') };
    case 'image/gif':
      return { width: head.readUInt16LE(6), height: head.readUInt16LE(8), isAnimated: true };
    case 'image/webp':
      return readWebp(head);
    case 'image/jpeg':
      return readJpeg(head);
    default:
      return null;
  }
}

/** RFC 9649: the first chunk is VP8, VP8L or VP8X. */
function readWebp(head: Buffer): PictureFacts | null {
  const chunk = head.toString('latin1', 12, 16);
  if (chunk === 'VP8X') {
    const isAnimated = (head.readUInt8(20) & 0x02) !== 0;
    return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1, isAnimated };
  }
  if (chunk === 'VP8L') {
    const bits = head.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, isAnimated: false };
  }
  if (chunk !== 'VP8 ') return null;
  return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff, isAnimated: false };
}

/** ITU-T T.81: segments up to the frame header; EXIF says whether it lies on its side. */
function readJpeg(head: Buffer): PictureFacts | null {
  let isTurned = false;
  for (let at = 2; at + 9 < head.length;) {
    if (head[at] !== 0xff) return null;
    const marker = head.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = head.readUInt16BE(at + 2);
    if (marker === 0xe1 && head.toString('latin1', at + 4, at + 8) === 'Exif') {
      isTurned = orientationOf(head.subarray(at + 10, at + 2 + length)) >= 5;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const [height, width] = [head.readUInt16BE(at + 5), head.readUInt16BE(at + 7)];
      return isTurned ? { width: height, height: width, isAnimated: false } : { width, height, isAnimated: false };
    }
    at += 2 + length;
  }
  return null;
}

/** EXIF 2.3, tag 0x0112: 5 to 8 are turned by a quarter. */
function orientationOf(tiff: Buffer): number {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const count = u16(directory);
  for (let entry = 0; entry < count; entry += 1) {
    const at = directory + 2 + entry * 12;
    if (at + 10 > tiff.length) return 1;
    if (u16(at) === 0x0112) return u16(at + 8);
  }
  return 1;
}

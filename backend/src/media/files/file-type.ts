/** What the first bytes of a file say that it is; null for what has no mark of its own (text, and much else). */
export function typeOfBytes(head: Buffer): string | null {
  const ascii = (from: number, to: number) => head.toString('latin1', from, to);
  if (head.length < 4) return null;
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (/^GIF8[79]a/.test(ascii(0, 6))) return 'image/gif';
  if (ascii(0, 4) === 'RIFF') {
    if (ascii(8, 12) === 'WEBP') return 'image/webp';
    return ascii(8, 12) === 'WAVE' ? 'audio/wav' : null;
  }
  if (ascii(4, 8) === 'ftyp') return typeOfBrand(ascii(8, 12));
  if (ascii(0, 4) === 'OggS') return ascii(28, 36) === 'OpusHead' ? 'audio/ogg' : 'application/ogg';
  if (ascii(0, 5) === '#!AMR') return 'audio/amr';
  if (ascii(0, 3) === 'ID3') return 'audio/mpeg';
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0) return 'audio/aac';
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2) return 'audio/mpeg';
  if (head.readUInt32BE(0) === 0x1a45dfa3) return 'video/webm';
  if (ascii(0, 5) === '%PDF-') return 'application/pdf';
  if (ascii(0, 4) === 'PK\x03\x04') return 'application/zip';
  if (head.length >= 8 && head.readUInt32BE(0) === 0xd0cf11e0) return 'application/x-ole-storage';
  return null;
}

/** Brands of the ISO base media format (ISO/IEC 14496-12; registered at mp4ra.org). */
function typeOfBrand(brand: string): string {
  if (/^M4[AB] $/.test(brand)) return 'audio/mp4';
  if (/^3g[2eghprs]/.test(brand)) return 'video/3gpp';
  if (brand === 'qt  ') return 'video/quicktime';
  if (/^(heic|heix|mif1|msf1|avif|avis)$/.test(brand)) return 'image/heif';
  return 'video/mp4';
}

const OFFICE: Readonly<Record<string, { container: string; mimeType: string }>> = {
  doc: { container: 'application/x-ole-storage', mimeType: 'application/msword' },
  xls: { container: 'application/x-ole-storage', mimeType: 'application/vnd.ms-excel' },
  ppt: { container: 'application/x-ole-storage', mimeType: 'application/vnd.ms-powerpoint' },
  docx: {
    container: 'application/zip',
    mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  xlsx: { container: 'application/zip', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  pptx: {
    container: 'application/zip',
    mimeType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  },
};

/** The office format of a container file, told by its name's ending; null when the two do not fit together. */
export function officeType(container: string, fileName: string | null): string | null {
  const format = OFFICE[fileName?.split('.').at(-1)?.toLowerCase() ?? ''];
  return format?.container === container ? format.mimeType : null;
}

/** Whether bytes read as text in UTF-8; the last few may be a character that goes on behind them. */
export function isText(head: Buffer): boolean {
  if (head.includes(0)) return false;
  for (let cut = 0; cut <= 3 && cut <= head.length; cut += 1) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, head.length - cut));
      return true;
    } catch {
      // Perhaps only the end is half a character.
    }
  }
  return false;
}

/** Types that a browser may show in place: pictures without script, sound and film. Never SVG, HTML or PDF. */
const SHOWN_IN_PLACE = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/3gpp',
  'video/webm',
  'audio/aac',
  'audio/amr',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
]);

export const isShownInPlace = (mimeType: string): boolean => SHOWN_IN_PLACE.has(mimeType);

/** A MIME type without its parameters, or null when it is none (RFC 9110 §8.3.1). */
export function bareType(mimeType: string | null): string | null {
  const bare = mimeType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,100}$/.test(bare) ? bare : null;
}

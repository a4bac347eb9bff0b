import { describe, expect, it } from 'vitest';
import { bareType, isShownInPlace, isText, officeType, typeOfBytes } from './file-type.js';
import { pictureFacts } from './picture-size.js';

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

describe('the type of a file', () => {
  it.each([
    ['image/jpeg', bytes([0xff, 0xd8, 0xff, 0xe0])],
    ['image/png', bytes('\x89PNG\r\n\x1a\n')],
    ['image/gif', bytes('GIF89a')],
    ['image/webp', bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8 ')],
    ['audio/wav', bytes('RIFF', [0, 0, 0, 0], 'WAVE')],
    ['video/mp4', bytes([0, 0, 0, 24], 'ftypisom')],
    ['audio/mp4', bytes([0, 0, 0, 24], 'ftypM4A ')],
    ['video/3gpp', bytes([0, 0, 0, 24], 'ftyp3gp5')],
    ['video/quicktime', bytes([0, 0, 0, 24], 'ftypqt  ')],
    ['audio/ogg', bytes('OggS', new Array<number>(24).fill(0), 'OpusHead')],
    ['application/ogg', bytes('OggS', new Array<number>(24).fill(0), '\x01vorbis')],
    ['audio/amr', bytes('#!AMR\n')],
    ['audio/mpeg', bytes('ID3\x04')],
    ['audio/mpeg', bytes([0xff, 0xfb, 0x90, 0x64])],
    ['audio/aac', bytes([0xff, 0xf1, 0x50, 0x80])],
    ['video/webm', bytes([0x1a, 0x45, 0xdf, 0xa3])],
    ['application/pdf', bytes('%PDF-1.7')],
    ['application/zip', bytes('PK\x03\x04')],
    [null, bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    [null, bytes('<!doctype html><script>alert(1)</script>')],
    [null, bytes('')],
  ])('is %s by its first bytes', (expected, head) => {
    expect(typeOfBytes(head)).toBe(expected);
  });

  it('of an office document needs container and name to fit', () => {
    expect(officeType('application/zip', 'offer.docx')).toMatch(/wordprocessingml/);
    expect(officeType('application/zip', 'offer.doc')).toBeNull();
    expect(officeType('application/x-ole-storage', 'OFFER.XLS')).toBe('application/vnd.ms-excel');
    expect(officeType('application/zip', null)).toBeNull();
  });

  it('is text only where it reads as UTF-8', () => {
    expect(isText(Buffer.from('Größe'))).toBe(true);
    expect(isText(Buffer.from('Größe€').subarray(0, -1))).toBe(true);
    expect(isText(Buffer.from([0x41, 0xff, 0xfe, 0x42, 0x43, 0x44, 0x45]))).toBe(false);
    expect(isText(Buffer.from('a\0b'))).toBe(false);
  });

  it('loses its parameters, and is none when it could break a header', () => {
    expect(bareType('Audio/OGG; codecs=opus')).toBe('audio/ogg');
    expect(bareType('text/html\r\nx: y')).toBeNull();
    expect(bareType(null)).toBeNull();
  });

  it.each(['image/svg+xml', 'text/html', 'application/xhtml+xml', 'application/pdf', 'text/xml', 'text/plain'])(
    'is never shown in place: %s',
    (type) => expect(isShownInPlace(type)).toBe(false),
  );
});

describe('the size of a picture', () => {
  const be16 = (n: number) => [n >> 8, n & 255];
  const frame = bytes([0xff, 0xc0, 0, 17, 8], be16(300), be16(400), new Array<number>(10).fill(0));
  const exif = (orientation: number) => {
    const tiff = bytes('MM\0*', [0, 0, 0, 8], be16(1), be16(0x0112), be16(3), [0, 0, 0, 1], be16(orientation), [0, 0]);
    return bytes([0xff, 0xe1], be16(tiff.length + 8), 'Exif\0\0', [...tiff]);
  };

  it('of a JPEG stands in its frame header, upright by its EXIF data', () => {
    expect(pictureFacts('image/jpeg', bytes([0xff, 0xd8], [...frame]))).toMatchObject({ width: 400, height: 300 });
    expect(pictureFacts('image/jpeg', bytes([0xff, 0xd8], [...exif(1)], [...frame]))).toMatchObject({ width: 400 });
    expect(pictureFacts('image/jpeg', bytes([0xff, 0xd8], [...exif(6)], [...frame]))).toMatchObject({ width: 300 });
  });

  it('of a WebP stands in its first chunk, with whether it moves', () => {
    const extended = bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8X', [10, 0, 0, 0, 0x02, 0, 0, 0], [99, 0, 0], [49, 0, 0]);
    expect(pictureFacts('image/webp', extended)).toEqual({ width: 100, height: 50, isAnimated: true });
  });

  it('is unknown when the bytes end before it', () => {
    expect(pictureFacts('image/jpeg', bytes([0xff, 0xd8, 0xff]))).toBeNull();
    expect(pictureFacts('image/png', bytes('\x89PNG\r\n\x1a\n'))).toBeNull();
  });
});

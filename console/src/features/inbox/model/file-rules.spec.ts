import { describe, expect, it } from 'vitest';
import { captionOver, kindOf, problemOf, takesCaption } from './file-rules.js';

const MB = 1_024 * 1_024;
const file = (type: string, name = 'a', size = 10) => ({ type, name, size });

describe('a file before it is uploaded', () => {
  it.each([
    ['image/png', 'image'],
    ['video/mp4', 'video'],
    ['audio/mpeg', 'audio'],
    ['image/svg+xml', 'document'],
    ['image/webp', 'sticker'],
    ['audio/ogg', 'audio'],
    ['', 'document'],
  ])('of the type "%s" goes out as %s', (type, kind) => {
    expect(kindOf({ type })).toBe(kind);
  });

  it.each([
    ['a picture of 5 MB', file('image/png', 'a.png', 5 * MB), null],
    ['a picture above 5 MB', file('image/png', 'a.png', 5 * MB + 1), { key: 'tooLarge', maxBytes: 5 * MB }],
    ['an empty picture', file('image/png', 'a.png', 0), { key: 'empty' }],
    ['a spreadsheet that the system does not know', file('', 'a.XLSX'), null],
    ['a sticker of 500 KB, which may move', file('image/webp', 'a.webp', 500 * 1_024), null],
    [
      'a sticker above 500 KB',
      file('image/webp', 'a.webp', 500 * 1_024 + 1),
      { key: 'tooLarge', maxBytes: 500 * 1_024 },
    ],
    ['SVG', file('image/svg+xml', 'a.svg'), { key: 'type' }],
    ['a program', file('application/x-msdownload', 'a.exe'), { key: 'type' }],
    ['a film above 16 MB', file('video/mp4', 'a.mp4', 17 * MB), { key: 'tooLarge', maxBytes: 16 * MB }],
  ])('is judged by Meta’s limits: %s', (_what, given, problem) => {
    expect(problemOf(given, kindOf(given))).toEqual(problem);
  });

  it('takes words only where phones show them, and only so many', () => {
    expect(takesCaption('voice')).toBe(false);
    expect(takesCaption('document')).toBe(true);
    expect([captionOver('a'.repeat(1_024)), captionOver('a'.repeat(1_030))]).toEqual([0, 6]);
  });
});

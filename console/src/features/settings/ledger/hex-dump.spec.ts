import { describe, expect, it } from 'vitest';
import { hexDump, prettyJson } from './hex-dump.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a body for people', () => {
  it('shows every byte, and which are text', () => {
    expect(hexDump(bytes('Olá\n'), 64)).toBe(
      `00000000  4f 6c c3 a1 0a${' '.repeat(34)}Ol...`.replace(/\s{34}/, ' '.repeat(35)),
    );
    expect(hexDump(new Uint8Array(20), 64).split('\n')).toHaveLength(2);
    expect(hexDump(new Uint8Array(64), 16).split('\n')).toHaveLength(1);
  });

  it('breaks JSON into lines and leaves everything else alone', () => {
    expect(prettyJson(bytes('{"a":[1]}'))).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(prettyJson(bytes('{"a":'))).toBe('{"a":');
  });
});

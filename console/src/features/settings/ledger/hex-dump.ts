const BYTES_PER_LINE = 16;

/** Bytes as people read them: offset, sixteen in hexadecimal, and what of it is plain text. `limit` in bytes. */
export function hexDump(bytes: Uint8Array, limit: number): string {
  const lines: string[] = [];
  for (let offset = 0; offset < Math.min(bytes.length, limit); offset += BYTES_PER_LINE) {
    const line = [...bytes.subarray(offset, Math.min(offset + BYTES_PER_LINE, limit))];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(BYTES_PER_LINE * 3 - 1)}  ${text}`);
  }
  return lines.join('\n');
}

/** JSON with its lines broken; what is none stays as it is. */
export function prettyJson(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

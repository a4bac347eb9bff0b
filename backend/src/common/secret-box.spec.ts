import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretBox } from './secret-box.js';

const key = (kid: string) => ({ kid, key: randomBytes(32) });

describe('SecretBox', () => {
  it('opens what it sealed, for the same place only', () => {
    const box = new SecretBox([key('k1')]);
    const sealed = box.seal('EAAG-token', 'channels.access_token.1');
    expect(sealed).not.toContain('EAAG');
    expect(box.open(sealed, 'channels.access_token.1')).toBe('EAAG-token');
    expect(() => box.open(sealed, 'channels.access_token.2')).toThrow();
  });

  it('opens values of older keys and seals with the newest', () => {
    const old = key('k1');
    const sealed = new SecretBox([old]).seal('token', 'place');
    const rotated = new SecretBox([key('k2'), old]);
    expect(rotated.open(sealed, 'place')).toBe('token');
    expect(rotated.seal('token', 'place').startsWith('v1.k2.')).toBe(true);
  });

  it('refuses a changed value and an unknown key', () => {
    const ring = [key('k1')];
    const sealed = new SecretBox(ring).seal('token', 'place');
    const parts = sealed.split('.');
    parts[3] = Buffer.from('other').toString('base64url');
    expect(() => new SecretBox(ring).open(parts.join('.'), 'place')).toThrow();
    expect(() => new SecretBox([key('k9')]).open(sealed, 'place')).toThrow(/k1/);
  });
});

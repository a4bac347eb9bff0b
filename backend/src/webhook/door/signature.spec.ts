import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSameSecret, isSignedBy } from './signature.js';

const SECRET = 'test_app_secret';
const COMPACT = Buffer.from('{"object":"whatsapp_business_account","entry":[]}');
const SPACED = Buffer.from('{"object": "whatsapp_business_account", "entry": []}');
const COMPACT_HEX = 'dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756';
const SPACED_HEX = '56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a';

describe('the signature of a delivery', () => {
  it('agrees with the known answers, and depends on every byte', () => {
    expect(isSignedBy([SECRET], `sha256=${COMPACT_HEX}`, COMPACT)).toBe(true);
    expect(isSignedBy([SECRET], `sha256=${SPACED_HEX}`, SPACED)).toBe(true);
    expect(isSignedBy([SECRET], `sha256=${COMPACT_HEX}`, SPACED)).toBe(false);
    expect(isSignedBy([SECRET], `sha256=${COMPACT_HEX}`, Buffer.concat([COMPACT, Buffer.from(' ')]))).toBe(false);
  });

  it('accepts any of several secrets, and none when there is none', () => {
    expect(isSignedBy(['old', SECRET, 'other'], `sha256=${COMPACT_HEX}`, COMPACT)).toBe(true);
    expect(isSignedBy(['old', 'other'], `sha256=${COMPACT_HEX}`, COMPACT)).toBe(false);
    expect(isSignedBy([], `sha256=${COMPACT_HEX}`, COMPACT)).toBe(false);
  });

  it.each([
    ['no header', undefined],
    ['several headers', ['a', 'b']],
    ['an empty header', ''],
    ['no prefix', COMPACT_HEX],
    ['another algorithm', `sha1=${createHmac('sha1', SECRET).update(COMPACT).digest('hex')}`],
    ['63 digits', `sha256=${COMPACT_HEX.slice(1)}`],
    ['65 digits', `sha256=${COMPACT_HEX}0`],
    ['a letter that is no digit', `sha256=${COMPACT_HEX.slice(0, 63)}g`],
    ['two signatures in one header', `sha256=${COMPACT_HEX}, sha256=${COMPACT_HEX}`],
  ])('refuses %s', (_name, header) => {
    expect(isSignedBy([SECRET], header, COMPACT)).toBe(false);
  });

  it('compares secrets of different lengths', () => {
    expect(isSameSecret('abc', 'abc')).toBe(true);
    expect(isSameSecret('abc', 'abcd')).toBe(false);
  });
});

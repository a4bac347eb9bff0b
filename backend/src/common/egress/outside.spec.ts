import { describe, expect, it } from 'vitest';
import { isOutside, isOutsideUrl } from './outside.js';

describe('where requests may go whose address others name', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://93.184.215.14/abc',
  ])('%s', (endpoint) => expect(isOutsideUrl(endpoint, false)).toBe(true));

  it.each([
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://user:pass@fcm.googleapis.com/abc',
    'https://localhost/abc',
    'https://a.localhost/abc',
    'https://backend-1:3000/abc',
    'https://127.0.0.1/abc',
    'https://2130706433/abc',
    'https://0x7f.1/abc',
    'https://10.0.0.5/abc',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/abc',
    'https://[::ffff:127.0.0.1]/abc',
    'https://[fd00::1]/abc',
    'ftp://example.com/abc',
    'nonsense',
  ])('not %s', (endpoint) => expect(isOutsideUrl(endpoint, false)).toBe(false));

  it('to this machine only for a try', () => {
    expect(isOutsideUrl('http://127.0.0.1:4000/push/abc', true)).toBe(true);
    expect(isOutsideUrl('http://192.168.0.9/push/abc', true)).toBe(false);
  });

  it.each(['127.0.0.1', '::1', '::ffff:10.0.0.1', '::ffff:7f00:1', 'fe80::1', '192.168.1.1', 'not an address'])(
    'nor to a name that stands for %s',
    (address) => expect(isOutside(address)).toBe(false),
  );
  it.each(['142.250.1.1', '2a00:1450:4001::1', '::ffff:142.250.1.1'])('but to one that stands for %s', (address) =>
    expect(isOutside(address)).toBe(true),
  );
});

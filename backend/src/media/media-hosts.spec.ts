import { describe, expect, it } from 'vitest';
import { MediaHosts } from './media-hosts.js';

describe('an address that Meta names', () => {
  const hosts = new MediaHosts(['lookaside.fbsbx.com', '*.cdn.example'], 'https://graph.facebook.com');

  it.each([
    'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=x',
    'https://LOOKASIDE.FBSBX.COM/x',
    'https://a.b.cdn.example/x',
  ])('may be asked with the token: %s', (address) => {
    expect(hosts.allowed(address)?.protocol).toBe('https:');
  });

  it.each([
    'http://lookaside.fbsbx.com/x',
    'https://lookaside.fbsbx.com:8443/x',
    'https://lookaside.fbsbx.com.evil.example/x',
    'https://evil.example/lookaside.fbsbx.com',
    'https://lookaside.fbsbx.com@evil.example/x',
    'https://user:pass@lookaside.fbsbx.com/x',
    'https://evil.example\\@lookaside.fbsbx.com/x',
    'https://cdn.example/x',
    'https://notcdn.example/x',
    'https://127.0.0.1/x',
    'https://2130706433/x',
    'https://0x7f.1/x',
    'https://[::1]/x',
    'https://[::ffff:169.254.169.254]/latest/meta-data',
    'https://169.254.169.254/latest/meta-data',
    'https://lookaside.fbsbx.com.127.0.0.1.nip.io/x',
    'ftp://lookaside.fbsbx.com/x',
    'file:///etc/passwd',
    'data:text/plain,x',
    '//lookaside.fbsbx.com/x',
    '',
    null,
    42,
  ])('may not: %s', (address) => {
    expect(hosts.allowed(address)).toBeNull();
  });

  it('may be plain http on a named port only where Graph itself is', () => {
    const local = new MediaHosts(['127.0.0.1:4005'], 'http://127.0.0.1:4004');
    expect(local.allowed('http://127.0.0.1:4005/x')).not.toBeNull();
    expect(local.allowed('http://127.0.0.1:4006/x')).toBeNull();
    const any = new MediaHosts(['127.0.0.1:*'], 'http://127.0.0.1:4004');
    expect(any.allowed('http://127.0.0.1:4006/x')).not.toBeNull();
  });
});

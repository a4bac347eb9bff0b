import { createECDH, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeVapidKeys, sealForBrowser, vapidHeader } from './push-crypto.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');

describe('what is pushed', () => {
  it('is sealed as the example of RFC 8291 (appendix A)', () => {
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'));
    const sealed = sealForBrowser(
      Buffer.from('When I grow up, I want to be a watermelon'),
      {
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
      { pair, salt: bytes('DGv6ra1nlYgDCS1FRnbzlw') },
    );
    expect(sealed.toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A' +
        '_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
  });

  it('is never sealed the same way twice', () => {
    const browser = createECDH('prime256v1');
    const keys = { p256dh: browser.generateKeys('base64url'), auth: 'BTBZMqHH6r4Tts7J_aSIgg' };
    const seal = () => sealForBrowser(Buffer.from('Hello'), keys).toString('base64url');
    expect(seal()).not.toBe(seal());
  });

  it('says who sends it, to that push service alone, for twelve hours', () => {
    const keys = makeVapidKeys();
    expect(bytes(keys.publicKey)).toHaveLength(65);
    const header = vapidHeader('https://push.example.net/send/abc?x=1', 'https://inbox.example.com', keys, 1_000.7);
    const [, head = '', claims = '', signature = '', key] =
      /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(header) ?? [];
    expect(key).toBe(keys.publicKey);
    expect(JSON.parse(bytes(head).toString())).toEqual({ typ: 'JWT', alg: 'ES256' });
    expect(JSON.parse(bytes(claims).toString())).toEqual({
      aud: 'https://push.example.net',
      exp: 44_200,
      sub: 'https://inbox.example.com',
    });
    const { kty, crv, x, y } = JSON.parse(keys.privateJwk) as Record<string, string>;
    const publicKey = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
    const isGenuine = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      bytes(signature),
    );
    expect(isGenuine).toBe(true);
  });
});

import {
  createCipheriv,
  createECDH,
  createPrivateKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
  type ECDH,
} from 'node:crypto';

/** The installation's key pair; the public half as push services and browsers take it, the private one as JWK. */
export interface VapidKeys {
  publicKey: string;
  privateJwk: string;
}

const CURVE = 'prime256v1';
const SALT_BYTES = 16;
/** One record holds it all: what is sent is far smaller. */
const RECORD_BYTES = 4_096;
const LAST_RECORD = 2;

const base64Url = (bytes: Buffer): string => bytes.toString('base64url');
const json = (value: object): string => base64Url(Buffer.from(JSON.stringify(value)));

/** A new pair on P-256, as RFC 8292 demands. */
export function makeVapidKeys(): VapidKeys {
  const jwk = generateKeyPairSync('ec', { namedCurve: CURVE }).privateKey.export({ format: 'jwk' });
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(jwk.x ?? '', 'base64url'),
    Buffer.from(jwk.y ?? '', 'base64url'),
  ]);
  return { publicKey: base64Url(point), privateJwk: JSON.stringify(jwk) };
}

/** `Authorization` of a push (RFC 8292): who sends, and to which push service alone it says so. `nowSeconds` is Unix time. */
export function vapidHeader(
  endpoint: string,
  subject: string,
  { publicKey, privateJwk }: VapidKeys,
  nowSeconds: number,
): string {
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(nowSeconds) + 12 * 3_600, sub: subject };
  const unsigned = `${json({ typ: 'JWT', alg: 'ES256' })}.${json(claims)}`;
  const key = createPrivateKey({ key: JSON.parse(privateJwk) as Record<string, string>, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(unsigned), { key, dsaEncoding: 'ieee-p1363' });
  return `vapid t=${unsigned}.${base64Url(signature)}, k=${publicKey}`;
}

function freshPair(): ECDH {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  return pair;
}

/**
 * Seals a message for one browser (RFC 8291 with the encoding of RFC 8188): nobody on the way, the push service included,
 * can read it. `pair` and `salt` are for tests against the RFC's own numbers.
 * @throws Error for a key that is no point of the curve
 */
export function sealForBrowser(
  plain: Buffer,
  browser: { p256dh: string; auth: string },
  { pair = freshPair(), salt = randomBytes(SALT_BYTES) }: { pair?: ECDH; salt?: Buffer } = {},
): Buffer {
  const [theirs, ours] = [Buffer.from(browser.p256dh, 'base64url'), pair.getPublicKey()];
  const derive = (secret: Buffer, seed: Buffer, info: Buffer, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, seed, info, bytes));
  const shared = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours]);
  const secret = derive(pair.computeSecret(theirs), Buffer.from(browser.auth, 'base64url'), shared, 32);
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.update(Buffer.from([LAST_RECORD])), cipher.final()]);
  const head = Buffer.alloc(SALT_BYTES + 5);
  salt.copy(head);
  head.writeUInt32BE(RECORD_BYTES, SALT_BYTES);
  head.writeUInt8(ours.length, SALT_BYTES + 4);
  return Buffer.concat([head, ours, sealed, cipher.getAuthTag()]);
}

import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A push as it arrived at the browser: opened with the browser's own key, as RFC 8291 says. */
export interface ArrivedPush {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  payload: Record<string, unknown>;
}

const HEAD_BYTES = 21;
const TAG_BYTES = 16;

/** A browser's subscription, with the secret half that only it has. */
export class FakeBrowser {
  private readonly pair = createECDH('prime256v1');
  private readonly auth = randomBytes(16);
  readonly endpoint: string;

  constructor(url: string, name: string) {
    this.pair.generateKeys();
    this.endpoint = `${url}/push/${name}`;
  }

  get subscription() {
    return {
      endpoint: this.endpoint,
      expirationTime: null,
      keys: { p256dh: this.pair.getPublicKey('base64url'), auth: this.auth.toString('base64url') },
    };
  }

  open(body: Buffer): Record<string, unknown> {
    const salt = body.subarray(0, 16);
    const idLength = body.readUInt8(20);
    const theirs = body.subarray(HEAD_BYTES, HEAD_BYTES + idLength);
    const sealed = body.subarray(HEAD_BYTES + idLength);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.pair.getPublicKey(), theirs]);
    const secret = Buffer.from(hkdfSync('sha256', this.pair.computeSecret(theirs), this.auth, info, 32));
    const derive = (label: string, bytes: number): Buffer =>
      Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(`Content-Encoding: ${label}\0`), bytes));
    const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
    cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const padded = Buffer.concat([cipher.update(sealed.subarray(0, -TAG_BYTES)), cipher.final()]);
    const end = padded.lastIndexOf(2);
    return JSON.parse(padded.subarray(0, end).toString()) as Record<string, unknown>;
  }
}

/** A push service over real HTTP, which refuses whoever does not say who they are, and answers as it is told. */
export class FakePushService {
  readonly arrived: ArrivedPush[] = [];
  readonly refused: string[] = [];
  answer: (path: string) => { status: number; headers?: Record<string, string> } = () => ({ status: 201 });
  private readonly browsers = new Map<string, FakeBrowser>();
  private publicKey = '';
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const { status, headers } = this.answer(path);
      const isKnown = this.isFromUs(request.headers.authorization ?? '');
      if (!isKnown) this.refused.push(path);
      else if (status < 300) {
        const payload = this.browsers.get(path)?.open(Buffer.concat(chunks)) ?? {};
        this.arrived.push({ path, headers: request.headers, payload });
      }
      response.writeHead(isKnown ? status : 403, headers).end();
    });
  });

  static async start(): Promise<FakePushService> {
    const service = new FakePushService();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A browser that subscribed with the installation's public key. */
  browser(name: string, publicKey: string): FakeBrowser {
    this.publicKey = publicKey;
    const browser = new FakeBrowser(this.url, name);
    this.browsers.set(`/push/${name}`, browser);
    return browser;
  }

  of(name: string): ArrivedPush[] {
    return this.arrived.filter(({ path }) => path === `/push/${name}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** RFC 8292: signed by the key that the browser subscribed with, for this service, and not run out. */
  private isFromUs(header: string): boolean {
    const [, token = '', key = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? [];
    const [head = '', claims = '', signature = ''] = token.split('.');
    if (key !== this.publicKey || signature === '') return false;
    const point = Buffer.from(key, 'base64url');
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    };
    const isSigned = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    return isSigned && aud === this.url && typeof exp === 'number' && /^(mailto|https):/.test(String(sub));
  }
}

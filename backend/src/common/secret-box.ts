import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const NONCE_BYTES = 12;

/** One key of the ring. */
export interface RingKey {
  kid: string;
  key: Buffer;
}

/**
 * Seals provider secrets with AES-256-GCM: the newest key seals, every key of the ring opens. The place (table, column,
 * row) is bound in as additional data, so a sealed value cannot be moved to another row.
 * Format: `v1.kid.nonce.ciphertext.tag`, base64url.
 */
export class SecretBox {
  constructor(private readonly ring: readonly RingKey[]) {
    if (ring.length === 0) throw new Error('the key ring is empty: set ENCRYPTION_KEYS');
  }

  /** Seals a text for one place, e.g. `channels.access_token.<id>`. */
  seal(plain: string, place: string): string {
    const [newest] = this.ring;
    if (!newest) throw new Error('the key ring is empty');
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', newest.key, nonce);
    cipher.setAAD(additionalData(place, newest.kid));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return [VERSION, newest.kid, encode(nonce), encode(sealed), encode(cipher.getAuthTag())].join('.');
  }

  /**
   * Opens what `seal` made for the same place.
   * @throws Error when the key is not in the ring, or the value was changed or moved.
   */
  open(sealed: string, place: string): string {
    const [version, kid, nonce, body, tag] = sealed.split('.');
    const found = this.ring.find((entry) => entry.kid === kid);
    if (version !== VERSION || !nonce || body === undefined || !tag) throw new Error('not a sealed value');
    if (!found) throw new Error(`the key "${kid ?? ''}" is not in ENCRYPTION_KEYS`);
    const decipher = createDecipheriv('aes-256-gcm', found.key, decode(nonce));
    decipher.setAAD(additionalData(place, found.kid));
    decipher.setAuthTag(decode(tag));
    return Buffer.concat([decipher.update(decode(body)), decipher.final()]).toString('utf8');
  }
}

const additionalData = (place: string, kid: string): Buffer => Buffer.from(`parley|${place}|${kid}`, 'utf8');
const encode = (bytes: Buffer): string => bytes.toString('base64url');
const decode = (text: string): Buffer => Buffer.from(text, 'base64url');

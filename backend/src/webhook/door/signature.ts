import { createHmac, hash, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;
const DIGEST_BYTES = 32;
/** A buffer of its own for each digest would be most of the garbage that a delivery leaves. */
const given = Buffer.alloc(DIGEST_BYTES);
const expected = Buffer.alloc(DIGEST_BYTES);

/** Whether `header` signs exactly these bytes with one of the secrets. Everything else is a refusal, never an error. */
export function isSignedBy(secrets: readonly string[], header: unknown, bytes: Buffer): boolean {
  const hex = typeof header === 'string' ? SIGNATURE.exec(header)?.[1] : undefined;
  if (hex === undefined) return false;
  given.write(hex, 'hex');
  let isGood = false;
  // Every secret is tried, so that the time does not tell which one was right.
  for (const secret of secrets) {
    expected.write(createHmac('sha256', secret).update(bytes).digest('binary'), 'binary');
    if (timingSafeEqual(expected, given)) isGood = true;
  }
  return isGood;
}

/** Compares two secrets of any length in constant time. */
export function isSameSecret(left: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'));
}

import { createHash, randomBytes, randomInt } from 'node:crypto';

/**
 * A wamid of Meta's observed shape: `wamid.` + base64 of a tagged record with the customer's number and hex.
 * Inbound ones carry marker 0x12 and 20 hex digits, outbound ones 0x11 and 18. Opaque to everybody else.
 */
export function createWamid(direction: 'inbound' | 'outbound', customerId: string): string {
  const owner = Buffer.from(customerId.slice(0, 60), 'ascii');
  const inbound = direction === 'inbound';
  const hex = inbound ? `3A${randomHex(9)}` : randomHex(9);
  const record = Buffer.concat([
    Buffer.from([0x1c, 0x18, owner.length]),
    owner,
    Buffer.from([0x15, 0x02, 0x00, inbound ? 0x12 : 0x11, 0x18, hex.length]),
    Buffer.from(hex, 'ascii'),
    Buffer.from([0]),
  ]);
  return `wamid.${record.toString('base64')}`;
}

/** Whether the text has the outer shape of a wamid (Meta refuses others as a malformed id). */
export function looksLikeWamid(value: string): boolean {
  return /^wamid\.[A-Za-z0-9+/=_-]{8,}$/.test(value);
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex').toUpperCase();
}

const COUNTRY_BY_CALLING_CODE: Readonly<Record<string, string>> = {
  '1': 'US',
  '20': 'EG',
  '27': 'ZA',
  '33': 'FR',
  '34': 'ES',
  '39': 'IT',
  '44': 'GB',
  '49': 'DE',
  '52': 'MX',
  '54': 'AR',
  '55': 'BR',
  '61': 'AU',
  '62': 'ID',
  '91': 'IN',
  '92': 'PK',
  '212': 'MA',
  '234': 'NG',
  '254': 'KE',
  '351': 'PT',
  '966': 'SA',
  '971': 'AE',
};

/**
 * The business-scoped user id of a phone number (or of a username, its country then `ZZ`): `<ISO-2>.<digits>`, the same
 * each time, so that a restarted simulator sends the same person. (Meta: business-scoped user ids.)
 */
export function userIdOfPhone(waId: string): string {
  const country =
    COUNTRY_BY_CALLING_CODE[waId.slice(0, 3)] ??
    COUNTRY_BY_CALLING_CODE[waId.slice(0, 2)] ??
    COUNTRY_BY_CALLING_CODE[waId.slice(0, 1)] ??
    'ZZ';
  const digest = createHash('sha256').update(`simulator:${waId}`).digest();
  const digits = (digest.readBigUInt64BE(0) % 10n ** 18n).toString().padStart(18, '0');
  return `${country}.10${digits}`;
}

/** A Graph object id: 15 or 16 digits. */
export function createGraphId(): string {
  return `${String(randomInt(1, 10))}${String(randomInt(10 ** 7, 10 ** 8))}${String(randomInt(10 ** 6, 10 ** 7))}`;
}

/** `fbtrace_id` of an answer. */
export function createTraceId(): string {
  return `A${randomBytes(17).toString('base64url').slice(0, 22)}`;
}

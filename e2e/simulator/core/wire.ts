import { createHmac } from 'node:crypto';

/**
 * JSON as Meta's servers write it: compact, ASCII only (other characters as lower-case `\uXXXX`, astral ones as a
 * surrogate pair) and with `\/` for a slash. A receiver that hashes re-serialised JSON instead of the bytes fails here,
 * as it would in production. (Meta: Graph API webhooks, getting started; Cloud API, webhooks.)
 */
export function encodeWire(value: unknown): string {
  return JSON.stringify(value).replace(/[/\u0080-\uffff]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === '/') return '\\/';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `X-Hub-Signature-256`: HMAC-SHA256 of the exact bytes, keyed with the app secret. */
export function sign256(body: Buffer, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}

/** The legacy `X-Hub-Signature` that Meta still sends beside it. */
export function sign1(body: Buffer, appSecret: string): string {
  return `sha1=${createHmac('sha1', appSecret).update(body).digest('hex')}`;
}

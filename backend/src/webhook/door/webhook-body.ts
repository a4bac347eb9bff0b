import type { IncomingMessage } from 'node:http';
import type { Hold } from './in-flight-bytes.js';

/** Meta's bodies reach 3 MB; whatever is larger is refused before it is read. */
export const MAX_BODY_BYTES = 4 * 1_024 * 1_024;
const SEND_TIMEOUT_MS = 10_000;

/** The bytes as they came, or why there are none: too large, no room for more, or the sender gave up or was too slow. */
export type WebhookBody = Buffer | 'too_large' | 'no_room' | 'gone';

/** Reads to the end, or to the first limit; what is over a limit is not kept. */
export function readBody(
  payload: IncomingMessage,
  announcedBytes: number,
  hold: Hold,
  done: (body: WebhookBody) => void,
): void {
  if (announcedBytes > MAX_BODY_BYTES) return done('too_large');
  const chunks: Buffer[] = [];
  let size = 0;
  let isDone = false;
  const timer = setTimeout(() => finish('gone'), SEND_TIMEOUT_MS);

  function finish(body: WebhookBody): void {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    // An answer is on its way: the rest of a refused body is let through to nowhere until the connection closes.
    if (!Buffer.isBuffer(body)) payload.resume();
    done(body);
  }
  function onData(chunk: Buffer): void {
    if (isDone) return;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) finish('too_large');
    else if (!hold.take(chunk.length)) finish('no_room');
    else chunks.push(chunk);
  }
  function onEnd(): void {
    finish(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
  }
  function onGone(): void {
    finish('gone');
  }
  payload.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
}

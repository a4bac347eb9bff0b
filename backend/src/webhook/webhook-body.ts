import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { type Hold, InFlightBytes } from './in-flight-bytes.js';

/** Meta's bodies reach 3 MB; whatever is larger is refused before it is read. */
export const MAX_BODY_BYTES = 4 * 1_024 * 1_024;
const MAX_IN_FLIGHT_BYTES = 64 * 1_024 * 1_024;
const MAX_IN_FLIGHT_BYTES_PER_SOURCE = 32 * 1_024 * 1_024;
const SEND_TIMEOUT_MS = 10_000;

const WEBHOOK_URL = '/api/webhooks/whatsapp';
/** An own type, so that this route's bodies meet this parser whatever their content type says, and no other's do. */
const RAW_TYPE = 'application/x-parley-webhook';

/** The bytes as they came, or why there are none: too large, no room for more, or the sender gave up or was too slow. */
export type WebhookBody = Buffer | 'too_large' | 'no_room' | 'gone';

/** Gives the webhook route, and it alone, its raw bodies with their own limits. Call it before routes are made. */
export function registerWebhookBody(fastify: FastifyInstance): void {
  const inFlight = new InFlightBytes(MAX_IN_FLIGHT_BYTES, MAX_IN_FLIGHT_BYTES_PER_SOURCE);
  const holds = new WeakMap<IncomingMessage, Hold>();

  function takeOver(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const hold = inFlight.open(request.ip);
    holds.set(request.raw, hold);
    reply.raw.once('close', () => hold.release());
    request.raw.headers['content-type'] = RAW_TYPE;
    done();
  }

  fastify.addHook('onRoute', (route) => {
    if (route.method === 'POST' && route.url === WEBHOOK_URL)
      Object.assign(route, { onRequest: takeOver, helmet: false });
  });
  fastify.addContentTypeParser(RAW_TYPE, (request, payload, done) => {
    const hold = holds.get(request.raw);
    if (!hold) done(Object.assign(new Error('unsupported media type'), { statusCode: 415 }));
    else readBody(payload, Number(request.headers['content-length'] ?? 0), hold, (body) => done(null, body));
  });
}

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
  const timer = setTimeout(() => finish('gone'), SEND_TIMEOUT_MS);

  function finish(body: WebhookBody): void {
    clearTimeout(timer);
    payload.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
    // An answer is on its way: the rest of a refused body is let through to nowhere until the connection closes.
    if (!Buffer.isBuffer(body)) payload.on('error', () => undefined).resume();
    done(body);
  }
  function onData(chunk: Buffer): void {
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

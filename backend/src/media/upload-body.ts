import { FILE_LIMITS } from '@parley/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const UPLOAD_URL = '/api/media';
/** An own type, so that a file meets this parser whatever its content type says, and no other route's body does. */
const FILE_TYPE = 'application/x-parley-file';
const LARGEST_BYTES = Math.max(...Object.values(FILE_LIMITS).map(({ maxBytes }) => maxBytes));

/** Gives the upload route, and it alone, its body as the stream that it is. Call it before routes are made. */
export function registerUploadBody(fastify: FastifyInstance): void {
  function takeOver(request: FastifyRequest, _reply: unknown, done: () => void): void {
    request.raw.headers['content-type'] = FILE_TYPE;
    done();
  }
  fastify.addHook('onRoute', (route) => {
    if (route.method !== 'POST' || route.url !== UPLOAD_URL) return;
    Object.assign(route, { onRequest: takeOver, bodyLimit: LARGEST_BYTES });
  });
  fastify.addContentTypeParser(FILE_TYPE, (request, payload, done) => {
    if (request.routeOptions.url === UPLOAD_URL) done(null, payload);
    else done(Object.assign(new Error('unsupported media type'), { statusCode: 415 }));
  });
}

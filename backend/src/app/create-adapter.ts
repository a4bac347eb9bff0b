import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { traced } from '../common/trace.js';
import type { Environment } from '../config/environment.js';
import { sendProblem, toProblem } from './problem.filter.js';
import { requestIds } from './request-id.js';
import { docsPolicy } from './security-headers.js';

const BODY_LIMIT_BYTES = 64 * 1_024;
/** Routes whose contract allows more: 200 rules with 50 keywords each, 5,000 rates. */
const LARGE_BODY_LIMIT_BYTES = 4 * 1_024 * 1_024;
const LARGE_BODIES = ['/api/channels/:id/bot-rules', '/api/rates/import'];
const MAX_PARAM_CHARS = 200;

/** Fastify as Parley needs it: small bodies, request ids, problem documents also where no Nest filter looks. */
export function createAdapter(environment: Environment): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: environment.trustProxy ?? false,
    genReqId: requestIds(environment.trustProxy),
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, toProblem(error, request.id));
    },
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (route) => {
    if (LARGE_BODIES.includes(route.url)) route.bodyLimit = LARGE_BODY_LIMIT_BYTES;
    if (route.url.startsWith('/api/docs')) Object.assign(route, { helmet: { contentSecurityPolicy: docsPolicy } });
  });
  // Everything that is logged on the way of a request names it; reading the body loses it, so it is told twice.
  for (const stage of ['onRequest', 'preValidation'] as const) {
    fastify.addHook(stage, (request: FastifyRequest, _reply: FastifyReply, done: () => void) =>
      traced({ requestId: request.id }, done),
    );
  }
  fastify.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  // Many programs name the type of every body, also of one that they leave out.
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body, done);
  });
  return adapter;
}

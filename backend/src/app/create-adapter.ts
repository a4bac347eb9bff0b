import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import type { Environment } from '../config/environment.js';
import { sendProblem, toProblem } from './problem.filter.js';
import { docsPolicy } from './security-headers.js';

const BODY_LIMIT_BYTES = 64 * 1_024;
const MAX_PARAM_CHARS = 200;

/** Fastify as Parley needs it: small bodies, request ids, problem documents also where no Nest filter looks. */
export function createAdapter(environment: Environment): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: environment.trustProxy ?? false,
    genReqId: () => v7(),
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, toProblem(error, request.id));
    },
  });
  adapter.getInstance().addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/docs')) Object.assign(route, { helmet: { contentSecurityPolicy: docsPolicy } });
  });
  adapter.getInstance().addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  return adapter;
}

import type { FastifyInstance } from 'fastify';

/** Raw bytes for Meta's door whatever the content type says. */
export function registerWebhookBody(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

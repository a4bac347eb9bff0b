import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics/metrics.js';

/** Measures every request of the framework's routes, by template. Call it before routes are made. */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? undefined : request.routeOptions.url;
    metrics.request(
      route === undefined ? 'any' : request.method,
      route ?? 'unmatched',
      reply.statusCode,
      reply.elapsedTime,
    );
    done();
  });
}

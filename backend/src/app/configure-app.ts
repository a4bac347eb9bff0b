import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { registerUploadBody } from '../media/upload-body.js';
import { RealtimeAdapter } from '../realtime/realtime.adapter.js';
import { Metrics } from '../metrics/metrics.js';
import { setUpApiDocument } from './api-document.js';
import { measureRequests } from './http-metrics.js';
import { ProblemFilter } from './problem.filter.js';
import { securityHeaders } from './security-headers.js';
import { createValidationPipe } from './validation.pipe.js';

/** Everything between the bare application and `listen`; tests and `main.ts` share it. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const environment = app.get<Environment>(ENVIRONMENT);
  registerUploadBody(app.getHttpAdapter().getInstance());
  measureRequests(app.getHttpAdapter().getInstance(), app.get(Metrics));
  app.setGlobalPrefix('api', { exclude: ['metrics'] });
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  app.useWebSocketAdapter(new RealtimeAdapter(app, environment));
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, securityHeaders(environment.publicUrl?.startsWith('https:') ?? false));
  await serveConsole(app);
  setUpApiDocument(app);
}

/** The built console: hashed assets for ever, the page itself never from a cache. */
async function serveConsole(app: NestFastifyApplication): Promise<void> {
  const root = join(import.meta.dirname, '../../../console/dist');
  await app.register(fastifyStatic, {
    root,
    serve: existsSync(root),
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.includes('/assets/');
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { ErrorCode, Problem } from '@parley/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isConnectionLost, postgresStateOf } from '../database/trouble.js';
import { traced } from '../common/trace.js';
import { DomainError } from '../common/domain.error.js';
import { stackOf } from './app-logger.js';

const CODE_BY_STATUS: Partial<Record<number, ErrorCode>> = {
  400: 'request.invalid',
  401: 'auth.required',
  403: 'auth.forbidden',
  404: 'route.not_found',
  413: 'request.too_large',
  415: 'request.invalid',
  422: 'request.invalid',
  429: 'rate.limited',
  503: 'service.unavailable',
};

/** PostgreSQL is away or overloaded: classes 08, 53, 57, 58, a lock not had (40, 55), a pool without a free client. */
const UNAVAILABLE_STATES = /^(08|40001|40P01|53|55P03|57|58|25006|25P0[34])/;

const PAGE_PATH = /^\/(?!api(?:\/|$)|socket\.io(?:\/|$)|assets\/|metrics$)/;

/** Turns whatever was thrown into `application/problem+json`; unknown faults are logged with their stack, once. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (isPage(error, request)) {
      void reply.status(200).sendFile('index.html');
      return;
    }
    const problem = toProblem(error, request.id);
    if (problem.status >= 500) {
      // An async hook in between may have lost it.
      traced({ requestId: request.id }, () =>
        this.logger.error(
          `${request.method} ${request.routeOptions.url ?? ''} ${request.id}: ${problem.title}`,
          stackOf(error),
        ),
      );
    }
    sendProblem(reply, problem);
  }
}

/** Writes a problem document; also used by Fastify's own hooks, which no Nest filter sees. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  const { retryAfterSeconds } = problem as { retryAfterSeconds?: unknown };
  if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', String(retryAfterSeconds));
  void reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}

/** The problem document of any error. Nothing of an unknown fault's text leaves the server. */
export function toProblem(error: unknown, requestId: string): Problem {
  const make = (status: number, code: ErrorCode, title: string, extra: object = {}): Problem => ({
    ...extra,
    type: 'about:blank',
    title,
    status,
    code,
    requestId,
  });
  if (error instanceof DomainError) return make(error.status, error.code, error.message, error.extra);
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return make(status, CODE_BY_STATUS[status] ?? 'internal', error.message);
  }
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return make(statusCode, CODE_BY_STATUS[statusCode] ?? 'request.invalid', String(message));
  }
  if (isUnavailable(error)) {
    return make(503, 'service.unavailable', 'The database cannot answer right now. Please try again.', {
      retryAfterSeconds: 1,
    });
  }
  return make(500, 'internal', 'Something went wrong on our side.');
}

/** Whether the database, not the request, is at fault. */
export function isUnavailable(error: unknown): boolean {
  return UNAVAILABLE_STATES.test(postgresStateOf(error) ?? '') || isConnectionLost(error);
}

/** A deep link of the console: the page is served, its router shows the place. */
function isPage(error: unknown, request: FastifyRequest): boolean {
  return (
    error instanceof HttpException &&
    error.getStatus() === 404 &&
    request.method === 'GET' &&
    (request.headers.accept ?? '').includes('text/html') &&
    PAGE_PATH.test(request.url)
  );
}

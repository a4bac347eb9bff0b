import { Controller, Get, Headers, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { collectDefaultMetrics, Gauge, register } from 'prom-client';
import { Public } from '../common/access/decorators.js';
import { ForbiddenError } from '../common/domain.error.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { LogHorizonRepository } from '../log/log-horizon.repository.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Prometheus text, for loopback or with `METRICS_TOKEN`. */
@ApiExcludeController()
@SkipThrottle()
@Controller('metrics')
export class MetricsController {
  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    horizon: LogHorizonRepository,
  ) {
    register.clear();
    collectDefaultMetrics();
    new Gauge({
      name: 'parley_log_horizon_age_seconds',
      help: 'How long the oldest writing transaction of the PostgreSQL server has held the log back.',
      async collect() {
        const { ageMs } = await horizon.horizon().catch(() => ({ ageMs: Number.NaN }));
        this.set(ageMs / 1_000);
      },
    });
  }

  @Get()
  @Public()
  async metrics(
    @Req() request: FastifyRequest,
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!LOOPBACK.has(request.ip) && !this.holdsToken(authorization)) throw new ForbiddenError();
    void reply.header('content-type', register.contentType);
    return register.metrics();
  }

  private holdsToken(authorization: string | undefined): boolean {
    const { metricsToken } = this.environment;
    if (!metricsToken || !authorization) return false;
    return timingSafeEqual(digest(authorization), digest(`Bearer ${metricsToken}`));
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

import { Controller, Get, Headers, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Public } from '../common/access/decorators.js';
import { ForbiddenError } from '../common/domain.error.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { Metrics } from '../metrics/metrics.js';
import { Gauges } from './gauges.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Prometheus text, for loopback or with `METRICS_TOKEN`. */
@ApiExcludeController()
@SkipThrottle()
@Controller('metrics')
export class MetricsController {
  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly metrics: Metrics,
    private readonly gauges: Gauges,
  ) {}

  @Get()
  @Public()
  async scrape(
    @Req() request: FastifyRequest,
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!LOOPBACK.has(request.ip) && !this.holdsToken(authorization)) throw new ForbiddenError();
    await this.gauges.refresh();
    const { registry } = this.metrics;
    void reply.header('content-type', registry.contentType);
    return registry.metrics();
  }

  private holdsToken(authorization: string | undefined): boolean {
    const { metricsToken } = this.environment;
    if (!metricsToken || !authorization) return false;
    return timingSafeEqual(digest(authorization), digest(`Bearer ${metricsToken}`));
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

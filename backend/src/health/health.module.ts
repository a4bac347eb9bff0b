import { Module } from '@nestjs/common';
import { BacklogRepository } from './backlog.repository.js';
import { Gauges } from './gauges.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { MetricsController } from './metrics.controller.js';

@Module({
  controllers: [HealthController, MetricsController],
  providers: [BacklogRepository, Gauges, HealthService],
})
export class HealthModule {}

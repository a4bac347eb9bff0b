import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AgentThrottlerGuard, REQUESTS_PER_WINDOW, WINDOW_MS } from './agent-throttler.guard.js';

/** To be imported after AuthModule: global guards run in the order of their modules, and the limit is per agent. */
@Module({
  imports: [ThrottlerModule.forRoot([{ ttl: WINDOW_MS, limit: REQUESTS_PER_WINDOW }])],
  providers: [{ provide: APP_GUARD, useClass: AgentThrottlerGuard }],
})
export class ThrottlingModule {}

import { Body, Controller, Get, HttpCode, HttpStatus, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type FailureGroupList,
  failureGroupListSchema,
  type FailureList,
  type FailureListQuery,
  failureListQuerySchema,
  failureListSchema,
  type SettledFailures,
  settledFailuresSchema,
  type SettleFailures,
  settleFailuresSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { FailuresService } from './failures.service.js';

@ApiTags('failures')
@Controller('failures')
export class FailuresController {
  constructor(private readonly failures: FailuresService) {}

  @Get()
  @ApiOperation({ summary: 'What did not get through and nobody has settled, by cause; of the threads the agent sees' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: failureGroupListSchema })
  groups(@CurrentAgent() agent: AuthenticatedAgent): Promise<FailureGroupList> {
    return this.failures.groups(agent);
  }

  @Get('messages')
  @ApiOperation({ summary: 'The messages of one cause, those that failed last first' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: failureListSchema })
  list(
    @Query({ schema: failureListQuerySchema }) request: FailureListQuery,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<FailureList> {
    return this.failures.list(agent, request);
  }

  @Post('dismiss')
  @ApiOperation({ summary: 'Takes messages off the desk without sending them again' })
  @Requires('messages.send')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: settledFailuresSchema })
  dismiss(
    @Body({ schema: settleFailuresSchema }) request: SettleFailures,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<SettledFailures> {
    return this.failures.settle(agent, request, 'dismiss');
  }

  @Post('restore')
  @ApiOperation({ summary: 'Puts back what was taken off the desk' })
  @Requires('messages.send')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: settledFailuresSchema })
  restore(
    @Body({ schema: settleFailuresSchema }) request: SettleFailures,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<SettledFailures> {
    return this.failures.settle(agent, request, 'restore');
  }
}

import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type AddPushDevice,
  addPushDeviceSchema,
  idSchema,
  type PushDevice,
  pushDeviceSchema,
  type PushSetup,
  pushSetupSchema,
  type PushTest,
  pushTestSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { PushService } from './push.service.js';

const LONGEST_USER_AGENT = 300;

@ApiTags('notifications')
@Controller('push')
@Requires('session.own')
export class PushController {
  constructor(private readonly push: PushService) {}

  @Get()
  @ApiOperation({ summary: 'What a browser subscribes with, and the caller’s browsers that take pushes' })
  @ApiOkResponse({ standardSchema: pushSetupSchema })
  setup(@CurrentAgent() agent: AuthenticatedAgent): Promise<PushSetup> {
    return this.push.setup(agent);
  }

  @Put('devices')
  @ApiOperation({ summary: 'Takes a browser in; the same one again is no second one. It goes with its session' })
  @ApiOkResponse({ standardSchema: pushDeviceSchema })
  add(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Body({ schema: addPushDeviceSchema }) request: AddPushDevice,
    @Headers('user-agent') userAgent: string | undefined,
  ): Promise<PushDevice> {
    return this.push.add(agent, request, userAgent?.slice(0, LONGEST_USER_AGENT) ?? null);
  }

  @Delete('devices/:id')
  @ApiOperation({ summary: 'Pushes nothing more to one of the caller’s browsers' })
  @HttpCode(204)
  @ApiNoContentResponse()
  async remove(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.push.remove(agent, id);
  }

  @Post('devices/:id/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pushes something to try it, and says what the push service answered' })
  @ApiOkResponse({ standardSchema: pushTestSchema })
  test(@CurrentAgent() agent: AuthenticatedAgent, @Param('id', { schema: idSchema }) id: string): Promise<PushTest> {
    return this.push.test(agent, id);
  }
}

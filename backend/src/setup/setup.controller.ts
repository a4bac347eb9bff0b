import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Setup, setupSchema } from '@parley/contract';
import { Requires } from '../common/access/decorators.js';
import { SetupService } from './setup.service.js';

@ApiTags('workspace')
@Controller('setup')
export class SetupController {
  constructor(private readonly setup: SetupService) {}

  @Get()
  @ApiOperation({ summary: 'How far the set-up has come, and what Meta has just tried' })
  @Requires('channels.manage')
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: setupSchema })
  get(): Promise<Setup> {
    return this.setup.get();
  }
}

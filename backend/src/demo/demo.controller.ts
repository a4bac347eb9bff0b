import { Body, Controller, Delete, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Demo, demoSchema, type UpdateDemo, updateDemoSchema } from '@parley/contract';
import { Requires } from '../common/access/decorators.js';
import { DemoService } from './demo.service.js';

/** 404 outside a demo. */
@ApiTags('workspace')
@Controller('demo')
@Requires('workspace.manage')
export class DemoController {
  constructor(private readonly demo: DemoService) {}

  @Get()
  @ApiOperation({ summary: 'Whether the demo’s day is there and its customers keep writing' })
  @ApiOkResponse({ standardSchema: demoSchema })
  get(): Promise<Demo> {
    return this.demo.state();
  }

  @Patch()
  @ApiOperation({ summary: 'Lets the demo’s customers write on, or not' })
  @ApiOkResponse({ standardSchema: demoSchema })
  update(@Body({ schema: updateDemoSchema }) { lively }: UpdateDemo): Promise<Demo> {
    return this.demo.setLively(lively);
  }

  @Delete()
  @ApiOperation({ summary: 'Removes every conversation of the demo, for good' })
  @ApiOkResponse({ standardSchema: demoSchema })
  remove(): Promise<Demo> {
    return this.demo.remove();
  }
}

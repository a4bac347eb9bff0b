import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type Channel,
  type ChannelList,
  channelListSchema,
  channelSchema,
  type CreateChannel,
  createChannelSchema,
  idSchema,
  type UpdateChannel,
  updateChannelSchema,
} from '@parley/contract';
import { Requires } from '../common/access/decorators.js';
import { ChannelsService } from './channels.service.js';

@ApiTags('channels')
@Controller('channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Get()
  @ApiOperation({ summary: 'All business numbers, without their secrets' })
  @Requires('channels.read')
  @ApiOkResponse({ standardSchema: channelListSchema })
  async list(): Promise<ChannelList> {
    return { items: await this.channels.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Connects a business number' })
  @HttpCode(201)
  @Requires('channels.manage')
  @ApiCreatedResponse({ standardSchema: channelSchema })
  create(@Body({ schema: createChannelSchema }) request: CreateChannel): Promise<Channel> {
    return this.channels.create(request);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Changes a business number; a new token or `resumeSending` lifts a stop' })
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelSchema })
  update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: updateChannelSchema }) request: UpdateChannel,
  ): Promise<Channel> {
    return this.channels.update(id, request);
  }
}

import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
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
  @Requires('channels.read')
  @ApiOkResponse({ standardSchema: channelListSchema })
  async list(): Promise<ChannelList> {
    return { items: await this.channels.list() };
  }

  @Post()
  @HttpCode(201)
  @Requires('channels.manage')
  @ApiCreatedResponse({ standardSchema: channelSchema })
  create(@Body({ schema: createChannelSchema }) request: CreateChannel): Promise<Channel> {
    return this.channels.create(request);
  }

  @Patch(':id')
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelSchema })
  update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: updateChannelSchema }) request: UpdateChannel,
  ): Promise<Channel> {
    return this.channels.update(id, request);
  }
}

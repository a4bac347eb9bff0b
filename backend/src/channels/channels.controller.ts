import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type Channel,
  type ChannelList,
  type ChannelNotices,
  channelListSchema,
  channelNoticesSchema,
  type ChannelReport,
  channelReportSchema,
  channelSchema,
  type CheckChannel,
  checkChannelSchema,
  type CreateChannel,
  createChannelSchema,
  idSchema,
  type Offerings,
  type OfferingsQuery,
  offeringsQuerySchema,
  offeringsSchema,
  type RecheckChannel,
  recheckChannelSchema,
  type UpdateChannel,
  updateChannelSchema,
} from '@parley/contract';
import { Requires } from '../common/access/decorators.js';
import { ChannelImportsService } from './channel-imports.service.js';
import { ChannelOfferingsService } from './channel-offerings.service.js';
import { ChannelHealthService } from './channel-health.service.js';
import { ChannelsService } from './channels.service.js';

@ApiTags('channels')
@Controller('channels')
export class ChannelsController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly health: ChannelHealthService,
    private readonly imports: ChannelImportsService,
    private readonly offerings: ChannelOfferingsService,
  ) {}

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

  @Post('check')
  @ApiOperation({ summary: 'Asks Meta about credentials before they are kept' })
  @HttpCode(200)
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelReportSchema })
  check(@Body({ schema: checkChannelSchema }) request: CheckChannel): Promise<ChannelReport> {
    return this.health.check(request);
  }

  @Get(':id/notices')
  @ApiOperation({ summary: 'What Meta said about a number as a whole, and how far its phone’s history has come' })
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelNoticesSchema })
  notices(@Param('id', { schema: idSchema }) id: string): Promise<ChannelNotices> {
    return this.imports.notices(id);
  }

  @Get(':id/offerings')
  @ApiOperation({ summary: 'Forms, catalogues and products at Meta that a message from this number can name' })
  @Requires('channels.read')
  @ApiOkResponse({ standardSchema: offeringsSchema })
  listOfferings(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: offeringsQuerySchema }) { catalog }: OfferingsQuery,
  ): Promise<Offerings> {
    return this.offerings.list(id, catalog ?? null);
  }

  @Post(':id/check')
  @ApiOperation({ summary: 'Asks Meta how a number is: token, scopes, registration, subscription, quality' })
  @HttpCode(200)
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelReportSchema })
  recheck(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: recheckChannelSchema }) request: RecheckChannel,
  ): Promise<ChannelReport> {
    return this.health.recheck(id, request);
  }

  @Post(':id/subscribe')
  @ApiOperation({ summary: 'Subscribes the app to the number’s account, so that Meta posts its messages here' })
  @HttpCode(200)
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelReportSchema })
  subscribe(@Param('id', { schema: idSchema }) id: string): Promise<ChannelReport> {
    return this.health.subscribe(id);
  }

  @Post(':id/disconnect')
  @ApiOperation({ summary: 'Forgets a number’s token and secret; its threads stay' })
  @HttpCode(200)
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelSchema })
  disconnect(@Param('id', { schema: idSchema }) id: string): Promise<Channel> {
    return this.channels.disconnect(id);
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

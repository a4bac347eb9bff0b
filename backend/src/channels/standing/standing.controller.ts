import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type ChannelStanding,
  channelStandingSchema,
  type DismissTrouble,
  dismissTroubleSchema,
  idSchema,
  type LimitedChannels,
  limitedChannelsSchema,
} from '@parley/contract';
import { Requires } from '../../common/access/decorators.js';
import { ChannelStandingService } from './channel-standing.service.js';

@ApiTags('channels')
@Controller('channels')
export class StandingController {
  constructor(private readonly standing: ChannelStandingService) {}

  @Get('limited')
  @ApiOperation({ summary: 'The numbers that cannot send all that they should, and why' })
  @Requires('channels.read')
  @ApiOkResponse({ standardSchema: limitedChannelsSchema })
  limited(): Promise<LimitedChannels> {
    return this.standing.limited();
  }

  @Get(':id/standing')
  @ApiOperation({
    summary: 'How a number stands at Meta: quality, limits, name, restrictions, alerts and the last check',
  })
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelStandingSchema })
  of(@Param('id', { schema: idSchema }) id: string): Promise<ChannelStanding> {
    return this.standing.of(id);
  }

  @Post(':id/standing/dismiss')
  @ApiOperation({
    summary: 'Puts a trouble away that nothing else would end, as it was seen, until Meta tells it again',
  })
  @HttpCode(200)
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelStandingSchema })
  dismiss(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: dismissTroubleSchema }) { key, seen }: DismissTrouble,
  ): Promise<ChannelStanding> {
    return this.standing.dismiss(id, key, seen);
  }
}

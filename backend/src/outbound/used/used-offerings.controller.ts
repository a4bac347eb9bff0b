import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  type OfferingsQuery,
  offeringsQuerySchema,
  type UsedOfferings,
  usedOfferingsSchema,
} from '@parley/contract';
import { Requires } from '../../common/access/decorators.js';
import { UsedOfferingsService } from './used-offerings.service.js';

@ApiTags('messages')
@Controller('channels/:id/used-offerings')
export class UsedOfferingsController {
  constructor(private readonly used: UsedOfferingsService) {}

  @Get()
  @ApiOperation({ summary: 'Forms, catalogues and products that messages from this number named, the last used first' })
  @Requires('channels.read')
  @ApiOkResponse({ standardSchema: usedOfferingsSchema })
  list(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: offeringsQuerySchema }) { catalog }: OfferingsQuery,
  ): Promise<UsedOfferings> {
    return this.used.list(id, catalog ?? null);
  }
}

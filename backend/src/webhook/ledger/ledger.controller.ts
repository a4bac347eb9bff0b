import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  type Delivery,
  type DeliveryCounts,
  deliveryCountsSchema,
  type DeliveryList,
  type DeliveryListQuery,
  deliveryListQuerySchema,
  deliveryListSchema,
  deliverySchema,
  idSchema,
  type ReplayDeliveries,
  replayDeliveriesSchema,
  type ReplayedDeliveries,
  replayedDeliveriesSchema,
} from '@parley/contract';
import type { FastifyReply } from 'fastify';
import { Requires } from '../../common/access/decorators.js';
import { LedgerService } from './ledger.service.js';

@ApiTags('webhooks')
@Controller('webhook-deliveries')
export class LedgerController {
  constructor(private readonly ledger: LedgerService) {}

  @Get()
  @Requires('deliveries.read')
  @ApiOperation({ summary: 'What Meta posted, newest first, with the first items of each' })
  @ApiOkResponse({ standardSchema: deliveryListSchema })
  list(@Query({ schema: deliveryListQuerySchema }) filter: DeliveryListQuery): Promise<DeliveryList> {
    return this.ledger.list(filter);
  }

  @Get('counts')
  @Requires('deliveries.read')
  @ApiOperation({ summary: 'How much waits, is repeated or gave up' })
  @ApiOkResponse({ standardSchema: deliveryCountsSchema })
  counts(): Promise<DeliveryCounts> {
    return this.ledger.counts();
  }

  @Post('replay')
  @HttpCode(HttpStatus.OK)
  @Requires('deliveries.replay')
  @ApiOperation({ summary: 'Works through many deliveries once more' })
  @ApiOkResponse({ standardSchema: replayedDeliveriesSchema })
  replayMany(@Body({ schema: replayDeliveriesSchema }) { ids }: ReplayDeliveries): Promise<ReplayedDeliveries> {
    return this.ledger.replayMany(ids);
  }

  @Get(':id')
  @Requires('deliveries.read')
  @ApiOperation({ summary: 'One delivery with all of its items' })
  @ApiOkResponse({ standardSchema: deliverySchema })
  get(@Param('id', { schema: idSchema }) id: string): Promise<Delivery> {
    return this.ledger.get(id);
  }

  @Get(':id/body')
  @Requires('deliveries.read')
  @ApiOperation({ summary: 'The bytes as they came' })
  @ApiProduces('application/octet-stream')
  async body(@Param('id', { schema: idSchema }) id: string, @Res() reply: FastifyReply): Promise<void> {
    const bytes = await this.ledger.body(id);
    void reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${id}.json"`)
      .header('x-content-type-options', 'nosniff')
      .send(bytes);
  }

  @Post(':id/replay')
  @HttpCode(HttpStatus.OK)
  @Requires('deliveries.replay')
  @ApiOperation({ summary: 'Works through the delivery once more' })
  @ApiOkResponse({ standardSchema: deliverySchema })
  replay(@Param('id', { schema: idSchema }) id: string): Promise<Delivery> {
    return this.ledger.replay(id);
  }
}

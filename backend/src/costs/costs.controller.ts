import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  type CostQuery,
  costQuerySchema,
  type CostReport,
  costReportSchema,
  idSchema,
  type PriceList,
  priceListSchema,
  type ServicePrice,
  servicePriceSchema,
} from '@parley/contract';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { CostsService } from './costs.service.js';

@ApiTags('costs')
@Controller()
export class CostsController {
  constructor(private readonly costs: CostsService) {}

  @Get('costs')
  @ApiOperation({ summary: 'What the messages of some months cost, broken down' })
  @Requires('costs.read')
  @ApiOkResponse({ standardSchema: costReportSchema })
  report(@Query({ schema: costQuerySchema }) query: CostQuery): Promise<CostReport> {
    return this.costs.report(query);
  }

  @Get('costs/csv')
  @ApiOperation({ summary: 'The same as a table of text, with every row' })
  @Requires('costs.read')
  @ApiProduces('text/csv')
  async csv(@Query({ schema: costQuerySchema }) query: CostQuery, @Res() reply: FastifyReply): Promise<void> {
    const text = await this.costs.csv(query);
    void reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="costs-${query.from}-${query.groupBy}.csv"`)
      .header('x-content-type-options', 'nosniff')
      .send(text);
  }

  @Get('conversations/:id/prices')
  @ApiOperation({ summary: 'What a template of each category would cost now, sent to this customer: an estimate' })
  @Requires('messages.send')
  @ApiOkResponse({ standardSchema: priceListSchema })
  prices(@Param('id', { schema: idSchema }) id: string, @CurrentAgent() agent: AuthenticatedAgent): Promise<PriceList> {
    return this.costs.prices(agent, id);
  }

  @Get('conversations/:id/service-price')
  @ApiOperation({ summary: 'What a message written by hand would cost now, and how many are still free: an estimate' })
  @Requires('messages.send')
  @ApiOkResponse({ standardSchema: servicePriceSchema })
  servicePrice(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<ServicePrice> {
    return this.costs.servicePrice(agent, id);
  }
}

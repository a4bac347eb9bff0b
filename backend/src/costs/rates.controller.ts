import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Put } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import {
  type Billing,
  billingSchema,
  type CreateRate,
  createRateSchema,
  idSchema,
  type ImportedRates,
  importedRatesSchema,
  type ImportRates,
  importRatesSchema,
  problemSchema,
  type Rate,
  type RateCard,
  rateCardSchema,
  rateFaultSchema,
  rateSchema,
  type UpdateRate,
  updateRateSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { RatesService } from './rates.service.js';

const EXISTS = { standardSchema: problemSchema, description: 'rate.exists' };
const refusedSchema = problemSchema.extend({ faults: rateFaultSchema.array() });

@ApiTags('costs')
@Controller('rates')
export class RatesController {
  constructor(private readonly rates: RatesService) {}

  @Get()
  @ApiOperation({ summary: 'The rate card: what messages cost, from which day on, and what is free' })
  @Requires('costs.read')
  @ApiOkResponse({ standardSchema: rateCardSchema })
  card(): Promise<RateCard> {
    return this.rates.card();
  }

  @Post()
  @ApiOperation({ summary: 'Adds a rate' })
  @Requires('rates.manage')
  @ApiCreatedResponse({ standardSchema: rateSchema })
  @ApiConflictResponse(EXISTS)
  create(
    @Body({ schema: createRateSchema }) rate: CreateRate,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Rate> {
    return this.rates.create(agent.id, rate);
  }

  @Post('import')
  @ApiOperation({ summary: 'Takes a table of rates, all of it or nothing' })
  @Requires('rates.manage')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: importedRatesSchema })
  @ApiUnprocessableEntityResponse({ standardSchema: refusedSchema, description: 'rate.import_refused' })
  importCsv(
    @Body({ schema: importRatesSchema }) { csv }: ImportRates,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<ImportedRates> {
    return this.rates.importCsv(agent.id, csv);
  }

  @Put('billing')
  @ApiOperation({ summary: 'Sets where days begin for the bill, and what is free from which day on' })
  @Requires('rates.manage')
  @ApiOkResponse({ standardSchema: billingSchema })
  putBilling(@Body({ schema: billingSchema }) billing: Billing): Promise<Billing> {
    return this.rates.putBilling(billing);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Changes a rate' })
  @Requires('rates.manage')
  @ApiOkResponse({ standardSchema: rateSchema })
  @ApiConflictResponse(EXISTS)
  update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: updateRateSchema }) changes: UpdateRate,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Rate> {
    return this.rates.update(agent.id, id, changes);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Removes a rate' })
  @Requires('rates.manage')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  delete(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.rates.delete(id);
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type BotDryRun,
  type BotDryRunResult,
  botDryRunResultSchema,
  botDryRunSchema,
  type BotRuleList,
  botRuleListSchema,
  idSchema,
  type PutBotRules,
  putBotRulesSchema,
} from '@parley/contract';
import { Requires } from '../common/access/decorators.js';
import { BotRulesService } from './bot-rules.service.js';

@ApiTags('bot')
@Controller('channels/:id/bot-rules')
export class BotController {
  constructor(private readonly rules: BotRulesService) {}

  @Get()
  @ApiOperation({ summary: 'The bot’s rules of a number, in the order in which they are tried' })
  @Requires('bot.read')
  @ApiOkResponse({ standardSchema: botRuleListSchema })
  async list(@Param('id', { schema: idSchema }) channelId: string): Promise<BotRuleList> {
    return { items: await this.rules.list(channelId) };
  }

  @Put()
  @ApiOperation({ summary: 'Replaces all rules of a number' })
  @Requires('bot.manage')
  @ApiOkResponse({ standardSchema: botRuleListSchema })
  async replace(
    @Param('id', { schema: idSchema }) channelId: string,
    @Body({ schema: putBotRulesSchema }) request: PutBotRules,
  ): Promise<BotRuleList> {
    return { items: await this.rules.replace(channelId, request) };
  }

  @Post('dry-run')
  @ApiOperation({ summary: 'Which rule would answer a text, and why the others would not' })
  @HttpCode(200)
  @Requires('bot.read')
  @ApiOkResponse({ standardSchema: botDryRunResultSchema })
  dryRun(
    @Param('id', { schema: idSchema }) channelId: string,
    @Body({ schema: botDryRunSchema }) request: BotDryRun,
  ): Promise<BotDryRunResult> {
    return this.rules.dryRun(channelId, request);
  }
}

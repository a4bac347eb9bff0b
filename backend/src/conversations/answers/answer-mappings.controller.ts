import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type AnswerMapping,
  type AnswerMappingList,
  answerMappingListSchema,
  answerMappingSchema,
  type CreateAnswerMapping,
  createAnswerMappingSchema,
  idSchema,
} from '@parley/contract';
import { Requires } from '../../common/access/decorators.js';
import { AnswerMappingsService } from './answer-mappings.service.js';

@ApiTags('conversations')
@Controller('answer-mappings')
@Requires('workspace.manage')
export class AnswerMappingsController {
  constructor(private readonly mappings: AnswerMappingsService) {}

  @Get()
  @ApiOperation({ summary: 'Which answers of forms become attributes of the contact' })
  @ApiOkResponse({ standardSchema: answerMappingListSchema })
  async list(): Promise<AnswerMappingList> {
    return { items: await this.mappings.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Adds a rule for the answers that come in from now on; the same one twice is one' })
  @ApiCreatedResponse({ standardSchema: answerMappingSchema })
  create(@Body({ schema: createAnswerMappingSchema }) request: CreateAnswerMapping): Promise<AnswerMapping> {
    return this.mappings.create(request);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Removes a rule; what it set stays' })
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.mappings.remove(id);
  }
}

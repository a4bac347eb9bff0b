import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadGatewayResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import {
  type CreateTemplate,
  createTemplateSchema,
  problemSchema,
  type SyncTemplates,
  syncTemplatesSchema,
  type TemplateList,
  type TemplateListQuery,
  templateListQuerySchema,
  templateListSchema,
  type TemplateSyncList,
  templateSyncListSchema,
  type Template,
  templateIdSchema,
  templateSchema,
  type UpdateTemplate,
  updateTemplateSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { TemplateMakingService } from './making/template-making.service.js';
import { TemplatesService } from './templates.service.js';

const REFUSED = { standardSchema: problemSchema, description: 'template.invalid, template.refused' };
const UNSURE = { standardSchema: problemSchema, description: 'template.unsure' };

@ApiTags('templates')
@Controller('templates')
export class TemplatesController {
  constructor(
    private readonly templates: TemplatesService,
    private readonly making: TemplateMakingService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Message templates, of one number’s account or of all, and when they were read from Meta' })
  @Requires('templates.read')
  @ApiOkResponse({ standardSchema: templateListSchema })
  list(@Query({ schema: templateListQuerySchema }) { channel }: TemplateListQuery): Promise<TemplateList> {
    return this.templates.list(channel ?? null);
  }

  @Post('sync')
  @ApiOperation({ summary: 'Reads the templates from Meta again; the list tells how far that is' })
  @Requires('templates.manage')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiAcceptedResponse({ standardSchema: templateSyncListSchema })
  async sync(@Body({ schema: syncTemplatesSchema }) { channelId }: SyncTemplates): Promise<TemplateSyncList> {
    return { items: await this.templates.sync(channelId ?? null) };
  }

  @Post()
  @ApiOperation({ summary: 'Submits a new template to Meta; its review is told by its status' })
  @Requires('templates.manage')
  @ApiCreatedResponse({ standardSchema: templateSchema })
  @ApiConflictResponse({ standardSchema: problemSchema, description: 'template.exists' })
  @ApiUnprocessableEntityResponse(REFUSED)
  @ApiBadGatewayResponse(UNSURE)
  create(
    @Body({ schema: createTemplateSchema }) request: CreateTemplate,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Template> {
    return this.making.create(agent, request);
  }

  @Patch(':templateId')
  @ApiOperation({ summary: 'Puts other content in the place of a template’s; Meta reviews it again' })
  @Requires('templates.manage')
  @ApiOkResponse({ standardSchema: templateSchema })
  @ApiConflictResponse({ standardSchema: problemSchema, description: 'template.not_editable' })
  @ApiUnprocessableEntityResponse(REFUSED)
  @ApiBadGatewayResponse(UNSURE)
  update(
    @Param('templateId', { schema: templateIdSchema }) id: string,
    @Body({ schema: updateTemplateSchema }) request: UpdateTemplate,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Template> {
    return this.making.update(agent, id, request);
  }

  @Delete(':templateId')
  @ApiOperation({ summary: 'Deletes a template at Meta, in its language alone' })
  @Requires('templates.manage')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiUnprocessableEntityResponse(REFUSED)
  @ApiBadGatewayResponse(UNSURE)
  delete(
    @Param('templateId', { schema: templateIdSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<void> {
    return this.making.delete(agent, id);
  }
}

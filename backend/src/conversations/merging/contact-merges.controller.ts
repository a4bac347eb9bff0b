import { Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type ContactMerge,
  type ContactMergeList,
  contactMergeListQuerySchema,
  type ContactMergeListQuery,
  contactMergeListSchema,
  contactMergeSchema,
  idSchema,
  problemSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { ContactMergesService } from './contact-merges.service.js';

const SETTLED = { standardSchema: problemSchema, description: 'contact_merge.settled' };

@ApiTags('contacts')
@Controller('contact-merges')
export class ContactMergesController {
  constructor(private readonly merges: ContactMergesService) {}

  @Get()
  @ApiOperation({ summary: 'Contacts that may be one person, newest first; of another state on request' })
  @Requires('contacts.merge')
  @ApiOkResponse({ standardSchema: contactMergeListSchema })
  list(@Query({ schema: contactMergeListQuerySchema }) request: ContactMergeListQuery): Promise<ContactMergeList> {
    return this.merges.list(request);
  }

  @Post(':id/accept')
  @ApiOperation({ summary: 'They are one person: their threads become one' })
  @Requires('contacts.merge')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: contactMergeSchema })
  @ApiConflictResponse(SETTLED)
  accept(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<ContactMerge> {
    return this.merges.accept(agent, id);
  }

  @Post(':id/refuse')
  @ApiOperation({ summary: 'They are two people' })
  @Requires('contacts.merge')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: contactMergeSchema })
  @ApiConflictResponse(SETTLED)
  refuse(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<ContactMerge> {
    return this.merges.refuse(agent, id);
  }
}

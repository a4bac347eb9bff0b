import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type ContactDetails,
  contactDetailsSchema,
  idSchema,
  type UpdateContact,
  updateContactSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { ContactDetailsService } from './contact-details.service.js';

@ApiTags('conversations')
@Controller('conversations/:id/contact')
export class ContactDetailsController {
  constructor(private readonly details: ContactDetailsService) {}

  @Get()
  @ApiOperation({ summary: 'What the team knows of the customer, and the conversation’s cases' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: contactDetailsSchema })
  get(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<ContactDetails> {
    return this.details.get(agent, id);
  }

  @Patch()
  @ApiOperation({ summary: 'Changes the customer’s language and attributes, name by name' })
  @Requires('conversations.act')
  @ApiOkResponse({ standardSchema: contactDetailsSchema })
  update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: updateContactSchema }) request: UpdateContact,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<ContactDetails> {
    return this.details.update(agent, id, request);
  }
}

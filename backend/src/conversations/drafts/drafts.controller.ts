import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type Draft,
  type DraftList,
  draftListSchema,
  type DraftMode,
  draftModeSchema,
  draftSchema,
  idSchema,
  problemSchema,
  type SaveDraft,
  saveDraftSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { DraftsService } from './drafts.service.js';

@ApiTags('drafts')
@Controller()
export class DraftsController {
  constructor(private readonly drafts: DraftsService) {}

  @Get('drafts')
  @ApiOperation({ summary: 'The caller’s unsent words in all threads' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: draftListSchema })
  list(@CurrentAgent() agent: AuthenticatedAgent): Promise<DraftList> {
    return this.drafts.list(agent);
  }

  @Put('conversations/:id/drafts/:mode')
  @ApiOperation({ summary: 'Keeps unsent words; empty ones end the draft' })
  @Requires('conversations.act')
  @ApiOkResponse({ standardSchema: draftSchema })
  @ApiConflictResponse({ standardSchema: problemSchema, description: 'draft.changed, with the `draft` as it is' })
  save(
    @Param('id', { schema: idSchema }) id: string,
    @Param('mode', { schema: draftModeSchema }) mode: DraftMode,
    @Body({ schema: saveDraftSchema }) request: SaveDraft,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Draft> {
    return this.drafts.save(agent, id, mode, request);
  }
}

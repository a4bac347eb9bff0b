import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { idSchema, messageRevisionListSchema, type MessageRevisionList } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { RevisionsService } from './revisions.service.js';

@ApiTags('conversations')
@Controller('conversations/:id/messages/:messageId/revisions')
export class RevisionsController {
  constructor(private readonly revisions: RevisionsService) {}

  @Get()
  @ApiOperation({ summary: 'Every wording that a message had before whoever sent it edited or deleted it' })
  @Requires('messages.history')
  @ApiOkResponse({ standardSchema: messageRevisionListSchema })
  list(
    @Param('id', { schema: idSchema }) id: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<MessageRevisionList> {
    return this.revisions.list(agent, id, messageId);
  }
}

import { Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Conversation, conversationSchema, idSchema, problemSchema } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { BlockingService } from './blocking.service.js';

@ApiTags('conversations')
@Controller('conversations/:id/block')
export class BlockingController {
  constructor(private readonly blocking: BlockingService) {}

  @Post()
  @ApiOperation({ summary: 'Blocks the customer at Meta; possible within 24 hours of what they last wrote' })
  @Requires('conversations.act')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse({ standardSchema: problemSchema })
  block(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.blocking.block(agent, id);
  }

  @Delete()
  @ApiOperation({ summary: 'Lets the customer write again' })
  @Requires('conversations.act')
  @ApiOkResponse({ standardSchema: conversationSchema })
  @ApiConflictResponse({ standardSchema: problemSchema })
  unblock(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Conversation> {
    return this.blocking.unblock(agent, id);
  }
}

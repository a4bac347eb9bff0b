import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { idSchema, type RawMessage, rawMessageSchema } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { RawMessageService } from './raw-message.service.js';

@ApiTags('messages')
@Controller('conversations/:id/messages/:messageId/raw')
export class RawMessageController {
  constructor(private readonly raw: RawMessageService) {}

  @Get()
  @Requires('messages.raw')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What Meta posted about a message, as far as it is still kept' })
  @ApiOkResponse({ standardSchema: rawMessageSchema })
  get(
    @Param('id', { schema: idSchema }) id: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<RawMessage> {
    return this.raw.of(agent, id, messageId);
  }
}

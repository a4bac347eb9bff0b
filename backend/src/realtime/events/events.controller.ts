import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { eventPageSchema, eventsQuerySchema, type EventPage, type EventsQuery } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { EventHistory } from './event-history.js';

@ApiTags('events')
@Controller('events')
export class EventsController {
  constructor(private readonly history: EventHistory) {}

  @Get()
  @ApiOperation({
    summary: 'All that the caller may see after `since`, in order, each once; without it the head of the log',
  })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: eventPageSchema })
  list(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Query({ schema: eventsQuerySchema }) query: EventsQuery,
  ): Promise<EventPage> {
    return this.history.list(agent, query);
  }
}

import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { idSchema, type SessionList, sessionListSchema } from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { SessionsService } from './sessions.service.js';

const BY_THEMSELVES = 'ended by its agent';
const BY_AN_ADMIN = 'ended by an admin';

/** Where agents are signed in: their own, and for admins everybody's. */
@ApiTags('agents')
@Controller('agents')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get('me/sessions')
  @ApiOperation({ summary: 'Where one is signed in oneself' })
  @Requires('session.own')
  @ApiOkResponse({ standardSchema: sessionListSchema })
  async own(@CurrentAgent() agent: AuthenticatedAgent): Promise<SessionList> {
    return { items: await this.sessions.list(agent.id, agent.sessionId) };
  }

  @Delete('me/sessions')
  @ApiOperation({ summary: 'Ends all of one’s own sessions but the one that asks' })
  @HttpCode(204)
  @Requires('session.own')
  @ApiNoContentResponse()
  async endOwnOthers(@CurrentAgent() agent: AuthenticatedAgent): Promise<void> {
    await this.sessions.endOthers(agent.id, agent.sessionId, BY_THEMSELVES);
  }

  @Delete('me/sessions/:sessionId')
  @ApiOperation({ summary: 'Ends one of one’s own sessions' })
  @HttpCode(204)
  @Requires('session.own')
  @ApiNoContentResponse()
  async endOwn(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Param('sessionId', { schema: idSchema }) sessionId: string,
  ): Promise<void> {
    await this.sessions.end(agent.id, sessionId, BY_THEMSELVES);
  }

  @Get(':id/sessions')
  @ApiOperation({ summary: 'Where an agent is signed in' })
  @Requires('agents.manage')
  @ApiOkResponse({ standardSchema: sessionListSchema })
  async list(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<SessionList> {
    return { items: await this.sessions.list(id, agent.sessionId) };
  }

  @Delete(':id/sessions/:sessionId')
  @ApiOperation({ summary: 'Ends a session of an agent; its sockets close at once' })
  @HttpCode(204)
  @Requires('agents.manage')
  @ApiNoContentResponse()
  async end(
    @Param('id', { schema: idSchema }) id: string,
    @Param('sessionId', { schema: idSchema }) sessionId: string,
  ): Promise<void> {
    await this.sessions.end(id, sessionId, BY_AN_ADMIN);
  }
}

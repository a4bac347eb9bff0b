import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type Agent,
  type AgentList,
  agentListSchema,
  agentSchema,
  type CreateAgent,
  createAgentSchema,
  idSchema,
  type UpdateAgent,
  updateAgentSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { AgentsService } from './agents.service.js';

@ApiTags('agents')
@Controller('agents')
export class AgentsController {
  constructor(private readonly agents: AgentsService) {}

  @Get('me')
  @ApiOperation({ summary: 'Who is signed in' })
  @Requires('session.own')
  @ApiOkResponse({ standardSchema: agentSchema })
  me(@CurrentAgent() agent: AuthenticatedAgent): Promise<Agent> {
    return this.agents.get(agent.id);
  }

  @Get()
  @ApiOperation({ summary: 'All agents, by name' })
  @Requires('agents.read')
  @ApiOkResponse({ standardSchema: agentListSchema })
  async list(): Promise<AgentList> {
    return { items: await this.agents.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Adds an agent' })
  @Requires('agents.manage')
  @ApiCreatedResponse({ standardSchema: agentSchema })
  create(@Body({ schema: createAgentSchema }) request: CreateAgent): Promise<Agent> {
    return this.agents.create(request);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Changes an agent; a new role, a new password or `active: false` ends their sessions and sockets at once',
  })
  @Requires('agents.manage')
  @ApiOkResponse({ standardSchema: agentSchema })
  update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: updateAgentSchema }) request: UpdateAgent,
  ): Promise<Agent> {
    return this.agents.update(id, request);
  }
}

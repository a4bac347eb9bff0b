import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
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
  @Requires('session.own')
  @ApiOkResponse({ standardSchema: agentSchema })
  me(@CurrentAgent() agent: AuthenticatedAgent): Promise<Agent> {
    return this.agents.get(agent.id);
  }

  @Get()
  @Requires('agents.read')
  @ApiOkResponse({ standardSchema: agentListSchema })
  async list(): Promise<AgentList> {
    return { items: await this.agents.list() };
  }

  @Post()
  @Requires('agents.manage')
  @ApiCreatedResponse({ standardSchema: agentSchema })
  create(@Body({ schema: createAgentSchema }) request: CreateAgent): Promise<Agent> {
    return this.agents.create(request);
  }

  @Patch(':id')
  @Requires('agents.manage')
  @ApiOkResponse({ standardSchema: agentSchema })
  update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: updateAgentSchema }) request: UpdateAgent,
  ): Promise<Agent> {
    return this.agents.update(id, request);
  }
}

import { Body, Controller, Get, Header, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type Agent,
  type AgentList,
  agentListSchema,
  agentSchema,
  type CreateAgent,
  createAgentSchema,
  type CreatedAgent,
  createdAgentSchema,
  type GeneratedPassword,
  generatedPasswordSchema,
  idSchema,
  type RoleList,
  roleListSchema,
  type UpdateAgent,
  updateAgentSchema,
  type UpdateOwnAgent,
  updateOwnAgentSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { rolesWithPermissions } from '../common/access/permissions.js';
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

  @Patch('me')
  @ApiOperation({ summary: 'Changes one’s own name' })
  @Requires('session.own')
  @ApiOkResponse({ standardSchema: agentSchema })
  rename(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Body({ schema: updateOwnAgentSchema }) { name }: UpdateOwnAgent,
  ): Promise<Agent> {
    return this.agents.rename(agent.id, name);
  }

  @Get('roles')
  @ApiOperation({ summary: 'What each role may do' })
  @Requires('agents.read')
  @ApiOkResponse({ standardSchema: roleListSchema })
  roles(): RoleList {
    return rolesWithPermissions();
  }

  @Get()
  @ApiOperation({ summary: 'All agents, by name' })
  @Requires('agents.read')
  @ApiOkResponse({ standardSchema: agentListSchema })
  async list(): Promise<AgentList> {
    return { items: await this.agents.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Adds an agent; without a password the answer carries a generated one' })
  @Requires('agents.manage')
  @Header('cache-control', 'no-store')
  @ApiCreatedResponse({ standardSchema: createdAgentSchema })
  create(@Body({ schema: createAgentSchema }) request: CreateAgent): Promise<CreatedAgent> {
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

  @Post(':id/password')
  @ApiOperation({ summary: 'Gives an agent a generated password, told once, and ends their sessions' })
  @HttpCode(200)
  @Requires('agents.manage')
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: generatedPasswordSchema })
  async resetPassword(@Param('id', { schema: idSchema }) id: string): Promise<GeneratedPassword> {
    return { password: await this.agents.resetPassword(id) };
  }
}

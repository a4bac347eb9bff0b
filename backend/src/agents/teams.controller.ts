import { Body, Controller, Get, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type CreateTeam,
  createTeamSchema,
  idSchema,
  type SetTeamMembers,
  setTeamMembersSchema,
  type Team,
  type TeamList,
  teamListSchema,
  teamSchema,
  type UpdateTeam,
  updateTeamSchema,
} from '@parley/contract';
import { Requires } from '../common/access/decorators.js';
import { TeamsService } from './teams.service.js';

@ApiTags('teams')
@Controller('teams')
export class TeamsController {
  constructor(private readonly teams: TeamsService) {}

  @Get()
  @ApiOperation({ summary: 'All teams with their members' })
  @Requires('teams.read')
  @ApiOkResponse({ standardSchema: teamListSchema })
  async list(): Promise<TeamList> {
    return { items: await this.teams.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Adds a team' })
  @Requires('teams.manage')
  @ApiCreatedResponse({ standardSchema: teamSchema })
  create(@Body({ schema: createTeamSchema }) request: CreateTeam): Promise<Team> {
    return this.teams.create(request.name);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Renames a team' })
  @Requires('teams.manage')
  @ApiOkResponse({ standardSchema: teamSchema })
  rename(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: updateTeamSchema }) { name }: UpdateTeam,
  ): Promise<Team> {
    return this.teams.rename(id, name);
  }

  @Put(':id/members')
  @ApiOperation({ summary: 'Replaces the members of a team' })
  @Requires('teams.manage')
  @ApiOkResponse({ standardSchema: teamSchema })
  setMembers(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: setTeamMembersSchema }) request: SetTeamMembers,
  ): Promise<Team> {
    return this.teams.setMembers(id, request.agentIds);
  }
}

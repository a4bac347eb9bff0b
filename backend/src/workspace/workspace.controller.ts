import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type UpdateWorkspace, updateWorkspaceSchema, type Workspace, workspaceSchema } from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { WorkspaceService } from './workspace.service.js';

@ApiTags('workspace')
@Controller('workspace')
export class WorkspaceController {
  constructor(private readonly workspace: WorkspaceService) {}

  @Get()
  @ApiOperation({ summary: 'What holds for everybody' })
  @Requires('session.own')
  @ApiOkResponse({ standardSchema: workspaceSchema })
  get(): Promise<Workspace> {
    return this.workspace.get();
  }

  @Patch()
  @ApiOperation({ summary: 'Changes what holds for everybody' })
  @Requires('workspace.manage')
  @ApiOkResponse({ standardSchema: workspaceSchema })
  update(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Body({ schema: updateWorkspaceSchema }) request: UpdateWorkspace,
  ): Promise<Workspace> {
    return this.workspace.update(request, agent.id);
  }
}

import { Module } from '@nestjs/common';
import { VerifyToken } from './verify-token.js';
import { WorkspaceController } from './workspace.controller.js';
import { WorkspaceRepository } from './workspace.repository.js';
import { WorkspaceService } from './workspace.service.js';

/** What holds for everybody in this installation. */
@Module({
  controllers: [WorkspaceController],
  providers: [VerifyToken, WorkspaceRepository, WorkspaceService],
  exports: [VerifyToken, WorkspaceService],
})
export class WorkspaceModule {}

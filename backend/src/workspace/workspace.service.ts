import { Injectable } from '@nestjs/common';
import type { UpdateWorkspace, Workspace } from '@parley/contract';
import { Database, type Tx } from '../database/database.js';
import { WorkspaceRepository } from './workspace.repository.js';

/** What holds for everybody in this installation. */
@Injectable()
export class WorkspaceService {
  constructor(
    private readonly database: Database,
    private readonly repository: WorkspaceRepository,
  ) {}

  get(): Promise<Workspace> {
    return this.repository.find(this.database.pool);
  }

  async update(changes: UpdateWorkspace, agentId: string): Promise<Workspace> {
    await this.repository.update(this.database.pool, changes, agentId);
    return this.get();
  }

  /** Of the demo: whether its day was taken away, and whether its customers keep writing. */
  demo(tx: Tx = this.database.pool): Promise<{ isRemoved: boolean; isLively: boolean }> {
    return this.repository.demo(tx);
  }

  markDemoRemoved(tx: Tx): Promise<void> {
    return this.repository.markDemoRemoved(tx);
  }

  setLively(isLively: boolean): Promise<void> {
    return this.repository.setLively(this.database.pool, isLively);
  }
}

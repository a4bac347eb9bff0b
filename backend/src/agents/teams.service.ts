import { Injectable } from '@nestjs/common';
import type { Team } from '@parley/contract';
import { DomainError, NotFoundError } from '../common/domain.error.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { LogRepository } from '../log/log.repository.js';
import { TeamsRepository } from './teams.repository.js';

/** Teams and who is in them. */
@Injectable()
export class TeamsService {
  constructor(
    private readonly database: Database,
    private readonly repository: TeamsRepository,
    private readonly log: LogRepository,
    private readonly hints: HintsService,
  ) {}

  list(): Promise<Team[]> {
    return this.repository.all();
  }

  /** @throws DomainError team.name_taken */
  async create(name: string): Promise<Team> {
    const id = newId();
    if (!(await this.repository.insert({ id, name }))) throw nameTaken();
    return { id, name, memberIds: [] };
  }

  /** @throws NotFoundError team.not_found, DomainError team.name_taken */
  async rename(id: string, name: string): Promise<Team> {
    if (!(await this.repository.find(id))) throw new NotFoundError('team');
    if (!(await this.repository.rename(id, name))) throw nameTaken();
    const team = await this.repository.find(id);
    if (!team) throw new NotFoundError('team');
    return team;
  }

  /** What a joined or left agent may see changes at once: an event of the log, and a hint to their sockets. */
  async setMembers(id: string, agentIds: readonly string[]): Promise<Team> {
    return this.database.transaction(async (tx) => {
      if (!(await this.repository.find(id, tx))) throw new NotFoundError('team');
      await this.moveMembers(tx, id, agentIds);
      const team = await this.repository.find(id, tx);
      if (!team) throw new NotFoundError('team');
      return team;
    });
  }

  /** Takes a team that no conversation is of any more away; one that is not there is gone already. */
  async remove(tx: Tx, id: string): Promise<void> {
    await this.moveMembers(tx, id, []);
    await this.repository.remove(tx, id);
  }

  private async moveMembers(tx: Tx, id: string, agentIds: readonly string[]): Promise<void> {
    const moved = await this.repository.setMembers(tx, id, agentIds);
    await this.log.append(
      tx,
      moved.map((agentId) => ({ type: 'access.changed' as const, agentId, data: { teamId: id } })),
    );
    for (const agentId of moved) {
      this.database.afterCommit(tx, () => this.hints.publish('access', { agentId, sessionId: null }));
    }
  }
}

const nameTaken = () => new DomainError('team.name_taken', 409, 'Another team has this name.');

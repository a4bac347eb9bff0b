import { Injectable } from '@nestjs/common';
import type { CannedReply, CreateCannedReply, UpdateCannedReply } from '@parley/contract';
import { seesEverything, type AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { DomainError, NotFoundError } from '../common/domain.error.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.js';
import { CannedRepliesRepository, type CannedReplyRow, type Refusal } from './canned-replies.repository.js';

/** The ready-made replies of the team. */
@Injectable()
export class CannedRepliesService {
  constructor(
    private readonly database: Database,
    private readonly repository: CannedRepliesRepository,
  ) {}

  /** What this agent may use: everybody's and their teams'; who sees everything gets everything. */
  async list(agent: AuthenticatedAgent): Promise<CannedReply[]> {
    const rows = await this.repository.visible(this.database.pool, seesEverything(agent) ? null : agent.teamIds);
    return rows.map(toCannedReply);
  }

  /** @throws DomainError canned_reply.shortcut_taken, NotFoundError for the team */
  async create(agent: AuthenticatedAgent, request: CreateCannedReply): Promise<CannedReply> {
    return settled(await this.repository.insert(this.database.pool, newId(), agent.id, request));
  }

  /** @throws DomainError canned_reply.shortcut_taken, NotFoundError */
  async update(agent: AuthenticatedAgent, id: string, request: UpdateCannedReply): Promise<CannedReply> {
    return settled(await this.repository.update(this.database.pool, id, agent.id, request));
  }

  /** @throws NotFoundError */
  async delete(id: string): Promise<void> {
    if (!(await this.repository.delete(this.database.pool, id))) throw new NotFoundError('canned_reply');
  }
}

function settled(written: CannedReplyRow | Refusal | null): CannedReply {
  if (written === null) throw new NotFoundError('canned_reply');
  if (written === 'no_such_team') throw new NotFoundError('team');
  if (written === 'shortcut_taken') {
    throw new DomainError('canned_reply.shortcut_taken', 409, 'Another canned reply has this shortcut.');
  }
  return toCannedReply(written);
}

const toCannedReply = ({ createdAt, updatedAt, ...row }: CannedReplyRow): CannedReply => ({
  ...row,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

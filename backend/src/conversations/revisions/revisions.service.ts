import { Injectable } from '@nestjs/common';
import type { MessageRevisionList } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import { Database } from '../../database/database.js';
import { ConversationAccess } from '../conversation-access.js';
import { RevisionsRepository } from './revisions.repository.js';

/** The history of a message, for those who answer for what was said. */
@Injectable()
export class RevisionsService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly revisions: RevisionsRepository,
  ) {}

  async list(agent: AuthenticatedAgent, id: string, messageId: string): Promise<MessageRevisionList> {
    const { row } = await this.access.assertVisibleNow(agent, id);
    const revisions = await this.revisions.of(this.database.pool, row.id, messageId);
    if (revisions === null) throw new NotFoundError('message');
    return { items: revisions.map(({ kind, at, type, body }) => ({ kind, at, type, preview: body })) };
  }
}

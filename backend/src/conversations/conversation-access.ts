import { Injectable } from '@nestjs/common';
import { seesEverything, type AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { NotFoundError } from '../common/domain.error.js';
import { Database, type Tx } from '../database/database.js';
import type { ConversationRow } from './conversation.row.js';
import { ConversationsRepository } from './conversations.repository.js';

export type Viewer = Pick<AuthenticatedAgent, 'id' | 'role' | 'teamIds'>;

/** Supervisors and admins see all; an agent sees what has no team, what is of a team of theirs, and their own. */
export function isVisible(agent: Viewer, place: Pick<ConversationRow, 'teamId' | 'assigneeId'>): boolean {
  if (seesEverything(agent) || place.assigneeId === agent.id) return true;
  return place.teamId === null || agent.teamIds.includes(place.teamId);
}

/** Who may see a conversation; what they may not see does not exist for them. */
@Injectable()
export class ConversationAccess {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
  ) {}

  /**
   * The row, following a merge.
   * @throws NotFoundError also when it exists but not for this agent.
   */
  async assertVisible(agent: Viewer, id: string, tx: Tx = this.database.pool): Promise<ConversationRow> {
    const row = await this.conversations.find(tx, id);
    if (!row || !isVisible(agent, row)) throw new NotFoundError('conversation');
    return row;
  }

  /**
   * As `assertVisible`, with the log's position, read in the same statement.
   * @throws NotFoundError also when it exists but not for this agent.
   */
  async assertVisibleNow(agent: Viewer, id: string): Promise<{ row: ConversationRow; syncCursor: string }> {
    const found = await this.conversations.findWithHead(this.database.pool, id);
    if (!found || !isVisible(agent, found.row)) throw new NotFoundError('conversation');
    return found;
  }

  /** The conversation that this one became part of; else its own id, also when there is none. */
  async survivorOf(id: string): Promise<string> {
    return (await this.conversations.find(this.database.pool, id))?.id ?? id;
  }

  isVisible(agent: Viewer, place: Pick<ConversationRow, 'teamId' | 'assigneeId'>): boolean {
    return isVisible(agent, place);
  }
}

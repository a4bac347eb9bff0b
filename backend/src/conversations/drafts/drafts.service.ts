import { Injectable } from '@nestjs/common';
import type { Draft, DraftList, DraftMode, SaveDraft } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { DomainError } from '../../common/domain.error.js';
import { Database, type Tx } from '../../database/database.js';
import { LogPosition } from '../../log/log-position.js';
import { LogRepository } from '../../log/log.repository.js';
import { ConversationAccess } from '../conversation-access.js';
import { placeOf } from '../conversations.repository.js';
import type { ConversationRow } from '../conversation.row.js';
import { DraftsRepository, type DraftRow } from './drafts.repository.js';

/** Words that were not sent yet, the same in every browser of the agent. */
@Injectable()
export class DraftsService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly drafts: DraftsRepository,
    private readonly position: LogPosition,
    private readonly log: LogRepository,
  ) {}

  async list(agent: AuthenticatedAgent): Promise<DraftList> {
    const syncCursor = await this.position.current();
    return { items: (await this.drafts.ofAgent(this.database.pool, agent.id)).map(toDraft), syncCursor };
  }

  /**
   * Saves on top of what the writer had. Of two browsers one wins; a save that comes late finds another `rev` and
   * changes nothing, so it never brings back what was sent or thrown away.
   * @throws DomainError draft.changed with the `draft` as it is, NotFoundError
   */
  async save(agent: AuthenticatedAgent, id: string, mode: DraftMode, request: SaveDraft): Promise<Draft> {
    return this.database.transaction(async (tx) => {
      const row = await this.access.assertVisible(agent, id, tx);
      const saved = await this.drafts.save(tx, row.id, agent.id, mode, request);
      if (!saved) {
        const draft = await this.drafts.find(tx, row.id, agent.id, mode);
        throw new DomainError('draft.changed', 409, 'The draft was changed elsewhere.', {
          draft: draft && toDraft(draft),
        });
      }
      await this.tell(tx, row, agent.id, mode);
      return toDraft(saved);
    });
  }

  /** Part of the transaction that sends. */
  async clearSent(tx: Tx, row: ConversationRow, agentId: string, body: string): Promise<void> {
    if (await this.drafts.clearSent(tx, row.id, agentId, body.trim())) await this.tell(tx, row, agentId, 'reply');
  }

  private async tell(tx: Tx, row: ConversationRow, agentId: string, mode: DraftMode): Promise<void> {
    await this.log.append(tx, [
      { ...placeOf(row), type: 'draft.updated', conversationId: row.id, agentId, data: { mode } },
    ]);
  }
}

const toDraft = ({ updatedAt, ...row }: DraftRow): Draft => ({ ...row, updatedAt: updatedAt.toISOString() });

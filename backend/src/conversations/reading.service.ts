import { Injectable } from '@nestjs/common';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { NotFoundError } from '../common/domain.error.js';
import { Database } from '../database/database.js';
import { LogRepository } from '../log/log.repository.js';
import { ConversationAccess } from './conversation-access.js';
import { placeOf } from './conversations.repository.js';
import { ReadCursorsRepository } from './read-cursors.repository.js';
import { ReadReceiptsRepository } from './read-receipts.repository.js';

/** Marking as read: the agent's own cursor, and the customer's blue ticks where the number's policy says so. */
@Injectable()
export class ReadingService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly cursors: ReadCursorsRepository,
    private readonly receipts: ReadReceiptsRepository,
    private readonly log: LogRepository,
  ) {}

  /**
   * Everything up to this message is read by this agent. Blue ticks are asked for even where the cursor stays: the
   * reader may own it only since they read it. Nobody but the owner ever turns them blue.
   * @throws NotFoundError for the conversation or the message
   */
  async markRead(agent: AuthenticatedAgent, id: string, messageId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const conversation = await this.access.assertVisible(agent, id, tx);
      const moved = await this.cursors.moveTo(tx, conversation.id, agent.id, messageId);
      if (moved) {
        await this.log.append(tx, [
          {
            ...placeOf(conversation),
            type: 'read.updated',
            conversationId: conversation.id,
            agentId: agent.id,
            data: { seq: moved.seq, readInboundCount: moved.inboundNumber },
          },
        ]);
      } else if (!(await this.cursors.hasMessage(tx, conversation.id, messageId))) {
        throw new NotFoundError('message');
      }
      if (conversation.assigneeId === agent.id) await this.receipts.requestOnOpen(tx, conversation.id, agent.id);
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { Conversation, MarkRead } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import { Database, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { ConversationAccess } from '../conversation-access.js';
import type { ConversationRow } from '../conversation.row.js';
import { ConversationsReader } from '../conversations.reader.js';
import { placeOf } from '../conversations.repository.js';
import { type ReadCursor, ReadCursorsRepository } from './read-cursors.repository.js';
import { ReadReceiptsRepository } from './read-receipts.repository.js';

/** Marking as read and as unread: the agent's own cursor, and the customer's blue ticks where the number's policy says so. */
@Injectable()
export class ReadingService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly cursors: ReadCursorsRepository,
    private readonly receipts: ReadReceiptsRepository,
    private readonly log: LogRepository,
    private readonly reader: ConversationsReader,
  ) {}

  /**
   * Everything up to this message is read by this agent. Blue ticks are asked for even where the cursor stays: the
   * reader may own it only since they read it. Nobody but the owner ever turns them blue. A look from before the agent
   * marked it as unread reads nothing.
   * @throws NotFoundError for the conversation or the message
   */
  async markRead(agent: AuthenticatedAgent, id: string, { messageId, rewinds }: MarkRead): Promise<void> {
    await this.database.transaction(async (tx) => {
      const conversation = await this.access.assertVisible(agent, id, tx);
      const moved = await this.cursors.moveTo(tx, conversation.id, agent.id, messageId, rewinds ?? null);
      if (moved) {
        await this.tell(tx, agent, conversation, moved, {});
      } else if (!(await this.cursors.hasMessage(tx, conversation.id, messageId))) {
        throw new NotFoundError('message');
      }
      if (conversation.assigneeId === agent.id) await this.receipts.requestOnOpen(tx, conversation.id, agent.id);
    });
  }

  /**
   * The customer's newest message is unread again for this agent; blue ticks that were asked for stay. Where something is
   * unread already, or the customer never wrote, it stays as it is.
   * @throws NotFoundError
   */
  async markUnread(agent: AuthenticatedAgent, id: string): Promise<Conversation> {
    return this.database.transaction(async (tx) => {
      const conversation = await this.access.assertVisible(agent, id, tx);
      const moved = await this.cursors.rewind(tx, conversation.id, agent.id);
      if (moved) await this.tell(tx, agent, conversation, moved, { isRewind: true });
      return this.reader.forAgent(agent.id, conversation.id, tx);
    });
  }

  private tell(
    tx: Tx,
    agent: AuthenticatedAgent,
    conversation: ConversationRow,
    { seq, inboundNumber }: ReadCursor,
    data: { isRewind?: true },
  ): Promise<void> {
    return this.log.append(tx, [
      {
        ...placeOf(conversation),
        type: 'read.updated',
        conversationId: conversation.id,
        agentId: agent.id,
        data: { seq, readInboundCount: inboundNumber, ...data },
      },
    ]);
  }
}

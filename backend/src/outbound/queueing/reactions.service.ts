import { Injectable } from '@nestjs/common';
import type { Message } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { placeOf, type LockedConversation } from '../../conversations/conversations.repository.js';
import type { Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { ReplyNotFoundError } from '../outbound.errors.js';
import { ReactionsRepository } from './reactions.repository.js';

type Reaction = NonNullable<Message['reaction']>;

/** What an agent puts on a message, or takes back from it. */
@Injectable()
export class ReactionsService {
  constructor(
    private readonly repository: ReactionsRepository,
    private readonly log: LogRepository,
  ) {}

  /** @throws ReplyNotFoundError for a message that is not in this conversation, or that Meta does not know */
  async assertMayStand(tx: Tx, conversationId: string, { messageId }: Reaction): Promise<void> {
    if (!(await this.repository.isReactable(tx, conversationId, messageId))) throw new ReplyNotFoundError();
  }

  /** At once, on every screen; it vanishes should Meta refuse it. */
  async show(
    tx: Tx,
    agent: AuthenticatedAgent,
    { row, now }: LockedConversation,
    carrierId: string,
    { messageId, emoji }: Reaction,
  ): Promise<void> {
    await this.repository.react(tx, {
      conversationId: row.id,
      messageId,
      agentId: agent.id,
      emoji,
      carrierId,
      at: now,
    });
    await this.log.append(tx, [{ ...placeOf(row), type: 'message.updated', conversationId: row.id, messageId }]);
  }
}

import { Injectable } from '@nestjs/common';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import type { ConversationRow } from '../../conversations/conversation.row.js';
import { ConversationsReader } from '../../conversations/conversations.reader.js';
import type { Tx } from '../../database/database.js';
import { ConversationChangedError } from '../outbound.errors.js';
import { OutboundRepository } from './outbound.repository.js';

/** A message by its place. */
export interface UnseenMessage {
  conversationId: string;
  messageId: string;
}

const NEWS_LIMIT = 50;
/** Without `basedOn` nobody knows what the sender has seen: the end of the thread is shown. */
const NEWS_WITHOUT_BASE = 10;

/** What was said in a thread that somebody who writes there has not seen. */
@Injectable()
export class UnseenService {
  constructor(
    private readonly repository: OutboundRepository,
    private readonly reader: ConversationsReader,
  ) {}

  /** Null when the agent has seen all there is to see. To be called under the conversation's lock. */
  async find(
    tx: Tx,
    agent: AuthenticatedAgent,
    row: ConversationRow,
    basedOn: number | null,
  ): Promise<UnseenMessage[] | null> {
    if (basedOn !== null) {
      const unseen = await this.repository.unseenBy(tx, agent.id, row.id, basedOn, NEWS_LIMIT);
      return unseen.length > 0 ? unseen : null;
    }
    const isColleagues = row.assigneeId !== null && row.assigneeId !== agent.id;
    return isColleagues ? this.repository.unseenBy(tx, agent.id, row.id, 0, NEWS_WITHOUT_BASE) : null;
  }

  /** The refusal that shows them, with the conversation as it is by now. */
  async refusal(conversationId: string, unseen: readonly UnseenMessage[]): Promise<ConversationChangedError> {
    const [conversations, messages] = await Promise.all([
      this.reader.conversations([conversationId]),
      this.reader.messages(unseen),
    ]);
    const conversation = conversations.get(conversationId);
    if (!conversation) throw new NotFoundError('conversation');
    return new ConversationChangedError(
      conversation,
      [...messages.values()].sort((left, right) => left.seq - right.seq),
    );
  }
}

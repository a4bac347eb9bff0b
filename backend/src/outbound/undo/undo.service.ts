import { Injectable } from '@nestjs/common';
import type { Message, MessageError } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import { ConversationsReader } from '../../conversations/conversations.reader.js';
import { ConversationsRepository, placeOf } from '../../conversations/conversations.repository.js';
import { Database } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { NotUndoableError } from '../outbound.errors.js';
import { OutboundRepository } from '../queueing/outbound.repository.js';
import { UndoRepository } from './undo.repository.js';

export const UNDONE: MessageError = {
  code: 'undone',
  title: 'Taken back by its sender before it left.',
  detail: null,
  retryable: false,
};

/** Takes back what was held for its sender to think again. */
@Injectable()
export class UndoService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly reader: ConversationsReader,
    private readonly messages: OutboundRepository,
    private readonly repository: UndoRepository,
    private readonly log: LogRepository,
  ) {}

  /**
   * Either it never leaves (200, also when repeated) or it may have left and the answer says so. Both this and the
   * lease change the message only while it is `queued`: PostgreSQL lets one of them do it.
   * @throws NotFoundError, NotUndoableError
   */
  async undo(agent: AuthenticatedAgent, conversationId: string, messageId: string): Promise<Message> {
    const outcome = await this.database.transaction(async (tx) => {
      const locked = await this.conversations.lock(tx, conversationId);
      if (!locked) throw new NotFoundError('conversation');
      const { row, now } = locked;
      const ref = { conversationId: row.id, messageId };
      const original = await this.messages.findSent(tx, row.id, messageId);
      if (!original || original.senderId !== agent.id) throw new NotFoundError('message');
      if (original.error?.code === UNDONE.code) return { ref, isUndone: true };
      if (!(await this.repository.takeBack(tx, ref, UNDONE, now))) return { ref, isUndone: false };
      await this.log.append(tx, [{ ...placeOf(row), type: 'message.updated', ...ref }]);
      await this.repository.forgetFirstReply(tx, row, original.createdAt);
      // The customer waits again, since they first wrote without an answer.
      const waitingSince = row.status === 'resolved' ? null : await this.repository.unansweredSince(tx, row);
      await this.conversations.change(tx, row, { waitingSince }, [], now);
      return { ref, isUndone: true };
    });
    const message = (await this.reader.messages([outcome.ref])).get(messageId);
    if (!message) throw new NotFoundError('message');
    if (!outcome.isUndone) throw new NotUndoableError(message);
    return message;
  }
}

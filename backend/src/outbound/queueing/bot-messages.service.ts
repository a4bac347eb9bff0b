import { Injectable } from '@nestjs/common';
import type { BotAnswer } from '@parley/contract';
import { BOT, type ConversationRow } from '../../conversations/conversation.row.js';
import type { LockedConversation } from '../../conversations/conversations.repository.js';
import { OutboundMessagesRepository } from '../../conversations/outbound-messages.repository.js';
import { Database, type Tx } from '../../database/database.js';
import { draftOfAnswer } from '../content/outbound-draft.js';
import type { LeaseGuard } from '../sending/leases.repository.js';
import { OutboundWaker } from '../sending/outbound.waker.js';
import { OutboundRepository } from './outbound.repository.js';

/** What the bot saw when it decided; all of it must still hold under the lock. */
export interface BotGuard {
  version: number;
  lastInboundSeq: number;
  /** The answer goes together with handing the thread to the queue. */
  handsOver: boolean;
}

/** Takes what the bot answers into the thread and the outbox. */
@Injectable()
export class BotMessagesService {
  constructor(
    private readonly database: Database,
    private readonly thread: OutboundMessagesRepository,
    private readonly repository: OutboundRepository,
    private readonly waker: OutboundWaker,
  ) {}

  /**
   * In the transaction of the turn that decided it. Null when a person has come in between, the customer has gone on
   * writing, or the window is closed.
   */
  async send(
    tx: Tx,
    { row, now }: LockedConversation,
    answer: BotAnswer,
    guard: BotGuard,
  ): Promise<{ messageId: string; conversation: ConversationRow } | null> {
    const isStillTheBots = row.status === 'pending' && row.version === guard.version;
    if (!isStillTheBots || row.lastInboundSeq !== guard.lastInboundSeq) return null;
    if (row.windowExpiresAt === null || row.windowExpiresAt <= now || row.blockedAt) return null;
    await this.repository.makeDue(tx, row, 'bot');
    const leaseGuard: LeaseGuard = { caseId: row.caseId, handsOver: guard.handsOver };
    const appended = await this.thread.append(
      tx,
      row,
      { sender: BOT, ...draftOfAnswer(answer), guard: { ...leaseGuard }, status: 'queued' },
      now,
    );
    this.database.afterCommit(tx, () => this.waker.wake(row.channelId));
    return appended;
  }
}

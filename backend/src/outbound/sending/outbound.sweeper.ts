import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic } from '../../common/periodic.js';
import { placeOf } from '../../conversations/conversations.repository.js';
import { Database } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { Metrics } from '../../metrics/metrics.js';
import { OutboxSweepsRepository } from './outbox-sweeps.repository.js';
import { ReceiptsSender } from '../receipts/receipts.sender.js';
import { Sender } from './sender.js';

const SWEEP_EVERY_MS = 1_000;
const MAX_EXPIRED_AT_ONCE = 200;

/** Every second: ends the leases of the dead and finds what is due, so that every wake-up may get lost. */
@Injectable()
export class OutboundSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboundSweeper.name);
  private readonly sweeps = new Periodic(
    SWEEP_EVERY_MS,
    () => this.sweep(),
    (error) => this.logger.warn(`the outbox could not be swept: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly repository: OutboxSweepsRepository,
    private readonly sender: Sender,
    private readonly receipts: ReceiptsSender,
    private readonly log: LogRepository,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeps.stop();
  }

  /** One look at everything; also what tests call when they have moved the clock. */
  async sweep(): Promise<void> {
    await this.expire();
    await this.repository.freeHealed(this.database.pool);
    await this.repository.bringForward(this.database.pool);
    for (const channelId of await this.repository.dueChannels(this.database.pool)) this.sender.kick(channelId);
    this.receipts.kick();
  }

  /** Ends the leases of the dead: what they were sending is `unknown`. */
  private async expire(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const dead = await this.repository.expire(tx, MAX_EXPIRED_AT_ONCE);
      const lost = dead.flatMap((row) => (row.messageId === null ? [] : [{ ...row, messageId: row.messageId }]));
      this.database.afterCommit(tx, () => this.metrics.messagesUnknown(lost.length));
      await this.log.append(
        tx,
        lost.map(({ conversationId, messageId, ...row }) => ({
          ...placeOf(row),
          type: 'message.updated' as const,
          conversationId,
          messageId,
        })),
      );
    });
  }
}

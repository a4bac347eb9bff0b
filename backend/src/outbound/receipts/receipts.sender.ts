import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { metaError } from '../../channels/meta-errors.js';
import { Database } from '../../database/database.js';
import { GraphClient } from '../graph/graph.client.js';
import { DueReceiptsRepository, type DueReceipt } from './receipts.repository.js';

const BATCH = 32;
const LEASE_MS = 30_000;
const MAX_ATTEMPTS = 4;
const BACK_OFF_MS = 2_000;

/** Turns the customers' ticks blue. A receipt that cannot be told is dropped after a few tries: it is only colour. */
@Injectable()
export class ReceiptsSender implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ReceiptsSender.name);
  private running: Promise<void> | null = null;
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly repository: DueReceiptsRepository,
    private readonly graph: GraphClient,
  ) {}

  /** Tells Meta what is due, beside whatever the caller does next. */
  kick(): void {
    if (this.isStopping) return;
    this.running ??= this.sendDue()
      .catch((error: unknown) => this.logger.warn(`read receipts pause: ${String(error)}`))
      .finally(() => (this.running = null));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** Leases nothing more and lets the calls in flight end. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  private async sendDue(): Promise<void> {
    for (;;) {
      const due = await this.repository.lease(this.database.pool, BATCH, LEASE_MS);
      await Promise.all(due.map((receipt) => this.send(receipt)));
      if (due.length < BATCH || this.isStopping) return;
    }
  }

  private async send(receipt: DueReceipt): Promise<void> {
    const outcome = await this.graph.markRead(receipt, receipt.wamid);
    if (outcome.kind === 'accepted') return this.repository.finish(this.database.pool, receipt, true);
    const isFinal = outcome.kind === 'refused' && metaError(outcome.code, outcome.isTransient).class === 'permanent';
    if (isFinal || receipt.attempts >= MAX_ATTEMPTS) {
      this.logger.debug(`read receipt of ${receipt.conversationId} is dropped: ${JSON.stringify(outcome)}`);
      return this.repository.finish(this.database.pool, receipt, false);
    }
    await this.repository.retry(this.database.pool, receipt, BACK_OFF_MS * 2 ** receipt.attempts);
  }
}

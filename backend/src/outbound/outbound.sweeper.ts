import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/database.js';
import { LeasesRepository } from './leases.repository.js';
import { LeasesService } from './leases.service.js';
import { ReceiptsSender } from './receipts.sender.js';
import { Sender } from './sender.js';

const SWEEP_EVERY_MS = 1_000;
const MAX_EXPIRED_AT_ONCE = 200;

/** Every second: ends the leases of the dead and finds what is due, so that every wake-up may get lost. */
@Injectable()
export class OutboundSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboundSweeper.name);
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly leases: LeasesService,
    private readonly repository: LeasesRepository,
    private readonly sender: Sender,
    private readonly receipts: ReceiptsSender,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.sweeping;
  }

  /** One look at everything; also what tests call when they have moved the clock. */
  async sweep(): Promise<void> {
    await this.leases.expire(MAX_EXPIRED_AT_ONCE);
    await this.repository.bringForward(this.database.pool);
    for (const channelId of await this.repository.dueChannels(this.database.pool)) this.sender.kick(channelId);
    this.receipts.kick();
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => this.logger.warn(`the outbox could not be swept: ${String(error)}`))
        .finally(() => this.schedule());
    }, SWEEP_EVERY_MS);
  }
}

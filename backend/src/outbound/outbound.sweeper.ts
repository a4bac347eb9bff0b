import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic } from '../common/periodic.js';
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
  private readonly sweeps = new Periodic(
    SWEEP_EVERY_MS,
    () => this.sweep(),
    (error) => this.logger.warn(`the outbox could not be swept: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly leases: LeasesService,
    private readonly repository: LeasesRepository,
    private readonly sender: Sender,
    private readonly receipts: ReceiptsSender,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeps.stop();
  }

  /** One look at everything; also what tests call when they have moved the clock. */
  async sweep(): Promise<void> {
    await this.leases.expire(MAX_EXPIRED_AT_ONCE);
    await this.repository.freeHealed(this.database.pool);
    await this.repository.bringForward(this.database.pool);
    for (const channelId of await this.repository.dueChannels(this.database.pool)) this.sender.kick(channelId);
    this.receipts.kick();
  }
}

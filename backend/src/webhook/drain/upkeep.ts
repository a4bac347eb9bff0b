import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { Periodic } from '../../common/periodic.js';
import { WaitingItemsRepository } from '../../conversations/inbound/waiting-items.repository.js';
import { Database } from '../../database/database.js';
import { DeliveryWaker } from '../delivery-waker.js';
import { UpkeepRepository } from './upkeep.repository.js';

const EVERY_MS = 30_000;

/** What time does to deliveries: gives up waiting, finds numbers that were connected since, deletes what is old. */
@Injectable()
export class DeliveryUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DeliveryUpkeep.name);
  private isStopping = false;
  private readonly rounds = new Periodic(
    EVERY_MS,
    () => this.run(),
    (error) => this.logger.warn(`upkeep waits: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly repository: UpkeepRepository,
    private readonly waiting: WaitingItemsRepository,
    private readonly channels: ChannelsService,
    private readonly waker: DeliveryWaker,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.rounds.stop();
  }

  /** One round; each step in small transactions of its own. */
  async run(): Promise<void> {
    const { database, repository } = this;
    const phoneNumberIds = [...(await this.channels.routes()).keys()];
    const woken = await database.transaction(async (tx) => {
      const keys = await repository.forgotten(tx);
      await this.waiting.wake(tx, keys);
      const ids = await repository.forgottenIds(tx);
      await this.waiting.wakeForIds(tx, ids);
      return keys.length + ids.length + (await repository.reroute(tx, phoneNumberIds));
    });
    if (woken > 0) this.waker.wake();
    await this.untilNone(() => database.transaction((tx) => repository.keepOverdue(tx)));
    await this.untilNone(() => database.transaction((tx) => repository.deleteOld(tx)));
  }

  private async untilNone(step: () => Promise<number>): Promise<void> {
    while (!this.isStopping && (await step()) > 0);
  }
}

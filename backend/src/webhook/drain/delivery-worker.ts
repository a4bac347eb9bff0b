import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../common/ids.js';
import { Database } from '../../database/database.js';
import { DeliveryWaker } from '../delivery-waker.js';
import { DeliveryIntake } from '../door/delivery-intake.js';
import { DeliveriesRepository, type Lease, LeaseLostError } from './deliveries.repository.js';
import { DeliveryProcessor } from './delivery-processor.js';

const BATCH_DELIVERIES = 500;
const SWEEP_MS = 2_000;
/** Another instance drains: it may stop just before it sees what came in here. */
const LOOK_AGAIN_MS = 50;
const TROUBLE_PAUSE_MS = 500;
/** In a flood a small batch goes through in this time at least, so that nothing ever stands still. */
const FLOOD_PAUSE_MS = 1_000;
const FLOOD_BATCH_DELIVERIES = 50;
const FLOOD_LOOK_MS = 5;

/** Drains the deliveries of this deployment, one instance at a time, until there are none; looks every two seconds. */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DeliveryWorker.name);
  private readonly id = newId();
  private batchDeliveries = BATCH_DELIVERIES;
  private isStopping = false;
  private isWoken = false;
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** Another instance drains, or the store is in trouble: the next look has its time, wake-ups do not hasten it. */
  private isPausing = false;
  /** A batch that the store's trouble stopped: nobody died at it, so it is given back as soon as the store is there. */
  private owed: Lease | null = null;

  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveriesRepository,
    private readonly processor: DeliveryProcessor,
    private readonly waker: DeliveryWaker,
    private readonly intake: DeliveryIntake,
  ) {}

  onApplicationBootstrap(): void {
    this.waker.onWake(() => this.kick());
    this.kick();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** Leases nothing more and finishes the batch under way. */
  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  /** Looks now, or right after the look that is under way. */
  kick(): void {
    this.isWoken = true;
    if (this.running || this.isStopping || this.isPausing) return;
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.isWoken) this.kick();
    });
  }

  private async run(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    let pauseMs = SWEEP_MS;
    try {
      this.isPausing = !(await this.drain());
      if (this.isPausing) pauseMs = LOOK_AGAIN_MS;
    } catch (error) {
      this.isPausing = true;
      pauseMs = TROUBLE_PAUSE_MS;
      this.logger.warn(`deliveries wait: ${String(error)}`);
    }
    if (this.isStopping) return;
    this.timer = setTimeout(() => {
      this.isPausing = false;
      this.kick();
    }, pauseMs);
  }

  /** The next batch; null while another instance drains. */
  private async lease(): Promise<Lease | null> {
    await this.giveBackOwed();
    return this.database.transaction(async (tx) => {
      const hold = await this.deliveries.holdDrain(tx, this.id);
      const most = this.intake.isFlooded ? FLOOD_BATCH_DELIVERIES : BATCH_DELIVERIES;
      return hold && this.deliveries.lease(tx, hold, Math.min(this.batchDeliveries, most));
    });
  }

  private async giveBackOwed(): Promise<void> {
    if (!this.owed) return;
    await this.deliveries.giveBack(this.database.pool, this.owed);
    this.owed = null;
  }

  /** Storing goes first while deliveries flood in. */
  private async letFloodPass(): Promise<void> {
    const endsAtMs = performance.now() + FLOOD_PAUSE_MS;
    while (this.intake.isFlooded && !this.isStopping && performance.now() < endsAtMs) await delay(FLOOD_LOOK_MS);
  }

  /** True once nothing is due; false while another instance is at work. */
  private async drain(): Promise<boolean> {
    const { pool } = this.database;
    while (!this.isStopping) {
      await this.letFloodPass();
      this.isWoken = false;
      const leased = await this.lease();
      if (leased === null) return false;
      if (leased.deliveries.length === 0 && this.isWoken) continue;
      if (leased.deliveries.length === 0) break;
      try {
        await this.processor.process(leased);
        this.batchDeliveries = Math.min(BATCH_DELIVERIES, this.batchDeliveries * 2);
      } catch (error) {
        // Perhaps the batch was too much for the time that a transaction has: the next one is smaller.
        this.batchDeliveries = Math.max(1, Math.floor(this.batchDeliveries / 2));
        if (!(error instanceof LeaseLostError)) this.owed = leased;
        await this.giveBackOwed().catch(() => undefined); // the store is away: before the next lease then
        throw error;
      }
    }
    await this.deliveries.releaseDrain(pool, this.id);
    return true;
  }
}

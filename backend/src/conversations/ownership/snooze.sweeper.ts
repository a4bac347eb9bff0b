import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic } from '../../common/periodic.js';
import { Database } from '../../database/database.js';
import { OwnershipChanges } from './ownership-changes.js';
import { OwnershipRepository } from './ownership.repository.js';
import { planWake } from './ownership-rules.js';

const SWEEP_EVERY_MS = 1_000;
const MAX_PER_TRANSACTION = 100;

/** Wakes snoozed conversations when their time has come, with their owner; each instance does, none doubles. */
@Injectable()
export class SnoozeSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SnoozeSweeper.name);
  private readonly sweeps = new Periodic(
    SWEEP_EVERY_MS,
    () => this.sweep(),
    (error) => this.logger.warn(`snoozed conversations could not be woken: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly ownership: OwnershipRepository,
    private readonly changes: OwnershipChanges,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeps.stop();
  }

  /** Wakes all that are due; returns how many this call woke. */
  async sweep(): Promise<number> {
    let woken = 0;
    for (;;) {
      const batch = await this.wakeBatch();
      woken += batch;
      if (batch < MAX_PER_TRANSACTION) return woken;
    }
  }

  private wakeBatch(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const due = await this.ownership.lockDueSnoozes(tx, MAX_PER_TRANSACTION);
      if (due.length === 0) return 0;
      const now = await this.database.now(tx);
      for (const row of due) await this.changes.apply(tx, { row, now }, planWake(row), null);
      return due.length;
    });
  }
}

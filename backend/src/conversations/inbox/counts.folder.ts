import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic } from '../../common/periodic.js';
import { Database } from '../../database/database.js';
import { CountsRepository } from './counts.repository.js';

const FOLD_EVERY_MS = 5_000;
const STEPS_AT_ONCE = 5_000;

/** Keeps the counters short to read: folds what writers noted into them. Right or wrong does not depend on it. */
@Injectable()
export class CountsFolder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CountsFolder.name);
  private readonly folds = new Periodic(
    FOLD_EVERY_MS,
    () => this.fold(),
    (error) => this.logger.warn(`the counts could not be folded: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly counts: CountsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.folds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.folds.stop();
  }

  /** Folds all there is, in short transactions; returns how many steps that were. */
  async fold(): Promise<number> {
    let folded = 0;
    for (;;) {
      const batch = await this.counts.fold(this.database.pool, STEPS_AT_ONCE);
      folded += batch;
      if (batch < STEPS_AT_ONCE) return folded;
    }
  }
}

import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic } from '../../common/periodic.js';
import { Database } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { updatedEvent } from '../conversations.repository.js';
import { TagChangesRepository } from './tag-changes.repository.js';

const SWEEP_EVERY_MS = 1_000;
/** Conversations of one transaction: an agent who acts on one of them waits no longer than for these. */
const BATCH = 200;

/** Carries renamed and removed tags through the conversations that have them; whatever dies meanwhile, another goes on. */
@Injectable()
export class TagChanger implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TagChanger.name);
  private isStopping = false;
  private readonly sweeps = new Periodic(
    SWEEP_EVERY_MS,
    () => this.sweep(),
    (error) => this.logger.warn(`changed tags wait: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly changes: TagChangesRepository,
    private readonly log: LogRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.sweeps.stop();
  }

  /** Works until nothing is left. */
  async sweep(): Promise<void> {
    while (!this.isStopping && (await this.step())) continue;
  }

  /** One batch; false = there was nothing to do. */
  private step(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const change = await this.changes.take(tx);
      if (!change) return false;
      const rows = await this.changes.rewrite(tx, change, BATCH);
      await this.log.append(
        tx,
        rows.map((row) => updatedEvent(row, row)),
      );
      if (rows.length < BATCH) await this.changes.end(tx, change.id);
      return true;
    });
  }
}

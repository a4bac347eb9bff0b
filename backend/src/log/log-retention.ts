import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, type Tx } from '../database/database.js';
import { comparePlaces } from './log-cursor.js';
import { LogRetentionRepository } from './log-retention.repository.js';

const KEEP_DAYS = 7;
const CHUNK = 5_000;
const EVERY_MS = 10 * 60_000;

/** Keeps seven days of the log. What a consumer still needs stays, unless that consumer has stopped for good. */
@Injectable()
export class LogRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(LogRetention.name);
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly repository: LogRetentionRepository,
  ) {}

  /** Not at once: after a long stop the consumers catch up first. */
  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.prune().catch((error: unknown) => this.logger.error('the log could not be pruned', error));
    }, EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /** Deletes what is old enough, in short transactions; returns how many rows went. */
  async prune(): Promise<number> {
    let total = 0;
    for (let deleted = CHUNK; deleted === CHUNK && !this.isStopping; total += deleted) {
      deleted = await this.database.transaction((tx) => this.pruneChunk(tx));
    }
    return total;
  }

  private async pruneChunk(tx: Tx): Promise<number> {
    if (!(await this.repository.tryLock(tx))) return 0;
    const oldest = await this.repository.oldestStretch(tx, KEEP_DAYS, CHUNK);
    if (!oldest) return 0;
    let end = oldest;
    for (const { name, isStuck, ...place } of await this.repository.enabledConsumers(tx)) {
      if (comparePlaces(place, end) >= 0) continue;
      if (isStuck) {
        const reason = `did not follow the log for more than ${KEEP_DAYS} days`;
        await this.repository.disable(tx, name, reason);
        this.logger.fatal(`consumer ${name} was disabled: it ${reason}, and its events are gone now`);
      } else {
        end = place;
      }
    }
    return this.repository.deleteUpTo(tx, end);
  }
}

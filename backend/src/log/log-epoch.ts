import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { LogStampRepository } from './log-stamp.repository.js';
import { LogStreamRepository, type LogBounds } from './log-stream.repository.js';
import type { LogPlace } from './log-cursor.js';

/**
 * Makes sure that the log's transaction ids belong to this server: after a restore or on another server they mean
 * nothing, so one instance stamps the whole log anew, in its old order, before anyone tails it.
 */
@Injectable()
export class LogEpoch {
  private readonly logger = new Logger(LogEpoch.name);

  constructor(
    private readonly database: Database,
    private readonly stream: LogStreamRepository,
    private readonly stamps: LogStampRepository,
  ) {}

  /** The head of a log that is stamped for this epoch. */
  async settle(): Promise<LogBounds & { place: LogPlace }> {
    await this.database.transaction(async (tx) => {
      const { epoch } = await this.stream.head(tx);
      if ((await this.stamps.stampedEpoch(tx)) === epoch) return;
      const previous = await this.stamps.lock(tx);
      if (previous === epoch) return;
      if (previous !== null) {
        const rows = await this.stamps.restamp(tx);
        this.logger.warn(`the log came from another server or a restore: ${rows} events stamped anew`);
      }
      await this.stamps.setStampedEpoch(tx, epoch);
    });
    return this.stream.head();
  }
}

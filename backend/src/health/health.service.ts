import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { LogHorizonRepository, type LogHorizon } from '../log/log-horizon.repository.js';

export interface Readiness {
  ready: boolean;
  database: 'up' | 'down';
  /** Redis only makes things faster: away, Parley works from PostgreSQL alone and stays ready. */
  redis: 'up' | 'down';
  /** How long a writing transaction has held the log back, and whose it is; null when it cannot be asked. */
  log: LogHorizon | null;
  stopping: boolean;
}

/** Whether this instance can do its work, and what it lacks where it cannot. */
@Injectable()
export class HealthService {
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly hints: HintsService,
    private readonly horizon: LogHorizonRepository,
  ) {}

  async readiness(): Promise<Readiness> {
    const isDatabaseUp = await this.database.now().then(
      () => true,
      () => false,
    );
    return {
      ready: isDatabaseUp && !this.isStopping,
      database: isDatabaseUp ? 'up' : 'down',
      redis: this.hints.isConnected ? 'up' : 'down',
      log: isDatabaseUp ? await this.horizon.horizon().catch(() => null) : null,
      stopping: this.isStopping,
    };
  }

  /** From here on this instance wants no new work. */
  announceStop(): void {
    this.isStopping = true;
  }
}

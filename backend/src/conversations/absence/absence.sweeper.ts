import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic } from '../../common/periodic.js';
import { Database } from '../../database/database.js';
import { OwnershipChanges } from '../ownership/ownership-changes.js';
import { planReleaseByPolicy } from '../ownership/ownership-rules.js';
import { AbsenceRepository } from './absence.repository.js';

const EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
const MAX_PER_TRANSACTION = 100;

/**
 * Ownership is a lease of minutes: an owner who is gone does not keep a customer waiting. Never on a dropped socket alone:
 * being connected is written to PostgreSQL every few seconds, and only what PostgreSQL was told for the whole of the
 * time counts. After a pause in which this instance could tell nothing the time begins anew, or an outage would release
 * everybody's threads at once.
 */
@Injectable()
export class AbsenceSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AbsenceSweeper.name);
  private readonly rounds = new Periodic(
    EVERY_MS,
    () => this.round(),
    (error) => this.noteTrouble(error),
  );
  private connected: () => readonly string[] = () => [];
  /** Since when every round went well, by the database's clock. */
  private steadySince: Date | null = null;

  constructor(
    private readonly database: Database,
    private readonly absence: AbsenceRepository,
    private readonly changes: OwnershipChanges,
  ) {}

  /** Who is connected to this instance; asked in every round. */
  watch(connected: () => readonly string[]): void {
    this.connected = connected;
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** Tells who is here, then releases what the absent left; returns how many threads this call released. */
  async round(): Promise<number> {
    const now = await this.absence.see(this.database.pool, [...new Set(this.connected())]);
    this.steadySince ??= now;
    const minutes = await this.absence.releaseAfterMinutes(this.database.pool);
    if (minutes === null || now.getTime() - this.steadySince.getTime() < minutes * MINUTE_MS) return 0;
    let released = 0;
    for (;;) {
      const batch = await this.releaseBatch(minutes);
      released += batch;
      if (batch < MAX_PER_TRANSACTION) return released;
    }
  }

  /** A round failed: nobody could be seen, so nobody counts as gone before the whole time has passed again. */
  noteTrouble(error: unknown): void {
    this.steadySince = null;
    this.logger.warn(`who is here could not be written: ${String(error)}`);
  }

  private releaseBatch(minutes: number): Promise<number> {
    return this.database.transaction(async (tx) => {
      const rows = await this.absence.lockAbandoned(tx, minutes, MAX_PER_TRANSACTION);
      if (rows.length === 0) return 0;
      const now = await this.database.now(tx);
      for (const row of rows) await this.changes.apply(tx, { row, now }, planReleaseByPolicy(row), null);
      return rows.length;
    });
  }
}

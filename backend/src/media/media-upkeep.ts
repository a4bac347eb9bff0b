import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Periodic } from '../common/periodic.js';
import { Database } from '../database/database.js';
import { LinkClaimsRepository } from './links/link-claims.repository.js';
import { MediaFilesRepository } from './media-files.repository.js';
import { MEDIA_STORE, type MediaStore } from './store/media-store.js';

const EVERY_MS = 60_000;
/** An upload waits this long to be sent. */
const UNSENT_SECONDS = 24 * 3_600;
const MAX_AT_ONCE = 100;
/** Longer than any download or upload may take. */
const ABANDONED_MS = 3_600_000;

/** Deletes the bytes of what no message names any more, and what a killed process left half-way. */
@Injectable()
export class MediaUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MediaUpkeep.name);
  private readonly rounds = new Periodic(
    EVERY_MS,
    () => this.sweep(),
    (error) => this.logger.warn(`files that nothing names were not deleted: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly files: MediaFilesRepository,
    private readonly claims: LinkClaimsRepository,
    @Inject(MEDIA_STORE) private readonly store: MediaStore,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** First the mark, then the bytes, then the row: a death in between is taken up by the next round. */
  async sweep(): Promise<void> {
    const ids = await this.files.markUnlinked(this.database.pool, UNSENT_SECONDS, MAX_AT_ONCE);
    for (const id of ids) await this.store.remove(id);
    if (ids.length > 0) await this.files.remove(this.database.pool, ids);
    await this.claims.removeAbandoned(this.database.pool, ABANDONED_MS / 1_000);
    await this.removeAbandoned();
  }

  private async removeAbandoned(): Promise<void> {
    const folder = await this.store.incomingFolder();
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const changed = await stat(path).catch(() => null);
      if (changed && Date.now() - changed.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
  }
}

import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../common/ids.js';
import { Periodic } from '../common/periodic.js';
import { Database } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { AdPictures } from './ad-pictures.js';
import { FetchFailure, pauseAfter } from './fetch-failure.js';
import { fileFacts } from './files/file-facts.js';
import { FileNews } from './file-news.js';
import { MediaFilesRepository, type LeasedFile, type StoredFacts } from './media-files.repository.js';
import { MediaSource } from './media-source.js';
import { MEDIA_STORE, type MediaStore } from './store/media-store.js';

const LOOK_EVERY_MS = 1_000;
const LEASE_MS = 60_000;
const RENEW_EVERY_MS = 20_000;
const MAX_AT_ONCE = 6;
/** A whole download, however slowly it comes. */
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/**
 * Fetches customers' files, and pictures of advertisements, in the background. All state is in PostgreSQL: a hint only
 * makes it look sooner, and what an instance held when it died is taken up by another once its lease has run out.
 */
@Injectable()
export class MediaFetcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MediaFetcher.name);
  private readonly leaseId = newId();
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private isLooking = false;
  private isAskedAgain = false;
  private stopHearing: (() => void) | null = null;
  private readonly looks = new Periodic(
    LOOK_EVERY_MS,
    () => this.look(),
    (error) => this.logger.warn(`no look at waiting files: ${String(error)}`),
  );
  private readonly renewals = new Periodic(
    RENEW_EVERY_MS,
    () => this.renew(),
    (error) => this.logger.warn(`leases of files were not renewed: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly files: MediaFilesRepository,
    private readonly source: MediaSource,
    private readonly pictures: AdPictures,
    private readonly news: FileNews,
    private readonly hints: HintsService,
    @Inject(MEDIA_STORE) private readonly store: MediaStore,
  ) {}

  onApplicationBootstrap(): void {
    this.stopHearing = this.hints.on('media', () => {
      this.look().catch((error: unknown) => this.logger.warn(`no look at waiting files: ${String(error)}`));
    });
    this.looks.start();
    this.renewals.start();
  }

  /** Downloads are broken off and given back: another instance begins them anew at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopHearing?.();
    const held = [...this.running.keys()];
    this.stopping.abort();
    await Promise.all([this.looks.stop(), this.renewals.stop(), ...this.running.values()]);
    if (held.length > 0) await this.files.release(this.database.pool, held, this.leaseId).catch(() => undefined);
  }

  /** Takes what is due, as far as there is room; returns when all of it has been begun. */
  async look(): Promise<void> {
    if (this.isLooking) {
      this.isAskedAgain = true;
      return;
    }
    this.isLooking = true;
    try {
      do {
        this.isAskedAgain = false;
        const room = MAX_AT_ONCE - this.running.size;
        if (room <= 0 || this.stopping.signal.aborted) return;
        for (const file of await this.files.lease(this.database.pool, this.leaseId, LEASE_MS, room)) this.begin(file);
      } while (this.isAskedAgain);
    } finally {
      this.isLooking = false;
    }
  }

  private begin(file: LeasedFile): void {
    const work = this.fetch(file)
      .catch((error: unknown) => this.logger.error(`file ${file.id} is left to its lease: ${String(error)}`))
      .finally(() => {
        this.running.delete(file.id);
        if (!this.stopping.signal.aborted) this.look().catch(() => undefined);
      });
    this.running.set(file.id, work);
  }

  private async fetch(file: LeasedFile): Promise<void> {
    let facts: StoredFacts;
    try {
      facts = await this.take(file);
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const failure = error instanceof FetchFailure ? error : new FetchFailure('store', String(error));
      await this.fail(file, failure);
      return;
    }
    await this.news.tell(file.id, (tx) => this.files.markReady(tx, file.id, this.leaseId, facts));
  }

  private async take(file: LeasedFile): Promise<StoredFacts> {
    const path = join(await this.store.incomingFolder(), `${file.id}.${newId()}`);
    try {
      const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
      const facts = await this.download(file, path, signal);
      await this.store.put(file.id, { path, ...facts });
      return facts;
    } finally {
      await rm(path, { force: true });
    }
  }

  private async download(file: LeasedFile, path: string, signal: AbortSignal): Promise<StoredFacts> {
    if (file.sourceUrl !== null) return this.pictures.download(file.sourceUrl, path, signal);
    const downloaded = await this.source.download(file, path, signal);
    return { ...downloaded, ...(await fileFacts(path, file.announcedMimeType, file.fileName)) };
  }

  private async fail({ id, attempts }: LeasedFile, failure: FetchFailure): Promise<void> {
    const pauseMs = pauseAfter(attempts, failure);
    const next = pauseMs === null ? 'given up' : `again in ${Math.round(pauseMs / 1_000)} s`;
    this.logger.warn(`file ${id} was not fetched (${failure.failure}: ${failure.message}), ${next}`);
    await this.news.tell(id, (tx) =>
      this.files.markFailed(tx, id, this.leaseId, failure.failure, failure.message, pauseMs),
    );
  }

  private async renew(): Promise<void> {
    const held = [...this.running.keys()];
    if (held.length > 0) await this.files.renew(this.database.pool, held, this.leaseId, LEASE_MS);
  }
}

import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic } from '../../common/periodic.js';
import { ContactMerger } from './contact-merger.js';

const SWEEP_EVERY_MS = 1_000;

/** Carries out the merges that webhooks noted and admins accepted; each instance does, none twice. */
@Injectable()
export class ContactMergeSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ContactMergeSweeper.name);
  private isStopping = false;
  private readonly sweeps = new Periodic(
    SWEEP_EVERY_MS,
    () => this.sweep(),
    (error) => this.logger.warn(`noted merges of contacts could not be read: ${String(error)}`),
  );

  constructor(private readonly merger: ContactMerger) {}

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.sweeps.stop();
  }

  /** Takes all that are due, one after the other; returns how many it took. */
  async sweep(): Promise<number> {
    const failed = (id: string, error: unknown) =>
      this.logger.warn(`merge ${id} could not be carried out and is tried again later: ${String(error)}`);
    for (let taken = 0; ; taken += 1) {
      if (this.isStopping || !(await this.merger.mergeNext(failed))) return taken;
    }
  }
}

import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Periodic } from '../common/periodic.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { TemplateSyncService } from './template-sync.service.js';
import { TemplateSyncsRepository } from './template-syncs.repository.js';

const EVERY_MS = 15_000;

/** Looks for accounts whose templates are to be read: a number was connected, an hour has passed, somebody asked. */
@Injectable()
export class TemplateSyncSweeper implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(TemplateSyncSweeper.name);
  private readonly rounds: Periodic;
  private readonly unsubscribe: () => void;
  private readonly isOn: boolean;
  private isStopping = false;
  private isAskedAgain = false;
  private running: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly syncs: TemplateSyncsRepository,
    private readonly sync: TemplateSyncService,
    hints: HintsService,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.isOn = environment.templateSync;
    this.rounds = new Periodic(
      EVERY_MS,
      () => this.round(),
      (error) => this.noteTrouble(error),
    );
    this.unsubscribe = hints.on('setup', ({ reason }) => {
      if (this.isOn && reason === 'channels') this.kick();
    });
  }

  onApplicationBootstrap(): void {
    if (!this.isOn) return;
    this.rounds.start();
    this.kick();
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.rounds.stop();
    await this.running;
  }

  /** Looks now, or right after the look that is under way. Returns at once. */
  kick(): void {
    this.isAskedAgain = true;
    if (this.isStopping) return;
    this.round().catch((error: unknown) => this.noteTrouble(error));
  }

  /** One look of this instance at a time; whoever asks meanwhile waits for it and gets another. */
  private async round(): Promise<void> {
    if (this.running) return this.running;
    this.running = this.look().finally(() => (this.running = null));
    return this.running;
  }

  private async look(): Promise<void> {
    do {
      this.isAskedAgain = false;
      await this.syncs.enrol(this.database.pool);
      await this.sync.runDue(() => this.isStopping);
    } while (this.isAskedAgain && !this.isStopping);
  }

  private noteTrouble(error: unknown): void {
    this.logger.warn(`templates are not read: ${String(error)}`);
  }
}

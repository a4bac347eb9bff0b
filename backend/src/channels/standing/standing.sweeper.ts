import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Periodic } from '../../common/periodic.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { ChannelHealthService } from '../channel-health.service.js';
import { StandingRepository } from './standing.repository.js';

const EVERY_MS = 60_000;
const NUMBERS_AT_ONCE = 5;
/** A token that runs out and a quality that sinks are days in coming. */
const HOURS_BETWEEN_CHECKS = 6;

/** Asks Meta how the numbers are, so that a trouble of which no webhook tells is seen before somebody looks for it. */
@Injectable()
export class StandingSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StandingSweeper.name);
  private readonly rounds: Periodic;
  private readonly isOn: boolean;

  constructor(
    private readonly repository: StandingRepository,
    private readonly health: ChannelHealthService,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.isOn = environment.numberChecks;
    this.rounds = new Periodic(
      EVERY_MS,
      () => this.checkDue(),
      (error) => this.logger.warn(`the numbers are not checked: ${String(error)}`),
    );
  }

  onApplicationBootstrap(): void {
    if (this.isOn) this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** Checks the numbers whose turn it is, one after the other; says how many those were. */
  async checkDue(): Promise<number> {
    const due = await this.repository.takeUnchecked(HOURS_BETWEEN_CHECKS, NUMBERS_AT_ONCE);
    for (const id of due) await this.check(id);
    return due.length;
  }

  /** One that cannot be checked (it was taken away meanwhile) must not cost the others of the round their turn. */
  private async check(id: string): Promise<void> {
    try {
      await this.health.recheck(id);
    } catch (error) {
      this.logger.warn(`number ${id} is not checked: ${String(error)}`);
    }
  }
}

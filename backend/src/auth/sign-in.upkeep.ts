import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SessionsService } from '../agents/sessions.service.js';
import { Periodic } from '../common/periodic.js';
import { LoginThrottleRepository } from './login-throttle.repository.js';

const EVERY_MS = 10 * 60_000;

/** Forgets sessions that ended long ago and attempts that no longer count: anybody may cause their rows. */
@Injectable()
export class SignInUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SignInUpkeep.name);
  private readonly rounds = new Periodic(
    EVERY_MS,
    () => this.run(),
    (error) => this.logger.warn(`old sessions stay for now: ${String(error)}`),
  );

  constructor(
    private readonly sessions: SessionsService,
    private readonly throttle: LoginThrottleRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  async run(): Promise<void> {
    await this.throttle.deleteOld();
    await this.sessions.deleteEnded();
  }
}

import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Periodic } from '../common/periodic.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { WorkspaceService } from '../workspace/workspace.service.js';
import { type LifeLine, openingLines, storyLines } from './demo-lines.js';
import { DemoRepository } from './demo.repository.js';

const EVERY_MS = 45_000;
const OPENING_AFTER_MS = 3_000;
/** A start's worth of life: a demo that is left alone over night does not fill up. */
const MAX_LINES = 120;
/** More than this wait already: the team is somewhere else. */
const MAX_WAITING = 14;
const CALL_TIMEOUT_MS = 5_000;

/**
 * The demo's customers, who keep writing now and then so that the board lives: through the simulated WhatsApp, as every
 * message comes. Bounded, switched off by an admin, and never there in tests.
 */
@Injectable()
export class DemoLife implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DemoLife.name);
  private readonly rounds = new Periodic(
    EVERY_MS,
    () => this.run(),
    (error) => this.logger.debug(`the demo's customers are quiet: ${String(error)}`),
  );
  private opening: NodeJS.Timeout | null = null;
  private written = 0;

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly database: Database,
    private readonly workspace: WorkspaceService,
    private readonly repository: DemoRepository,
  ) {}

  onApplicationBootstrap(): void {
    const { demo } = this.environment;
    if (!demo?.life || demo.simulatorUrl === null) return;
    this.opening = setTimeout(() => void this.open().catch(() => undefined), OPENING_AFTER_MS);
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.opening) clearTimeout(this.opening);
    await this.rounds.stop();
  }

  /** One line of the story, unless nobody wants it now. */
  async run(): Promise<void> {
    if (this.written >= MAX_LINES || !(await this.isWanted())) return;
    if ((await this.repository.countWaiting(this.database.pool)) >= MAX_WAITING) return;
    const line = storyLines[this.written % storyLines.length];
    this.written += 1;
    if (line) await this.write(line);
  }

  /** What customers send that a seeded row could not hold: files, places, cards, each once. */
  private async open(): Promise<void> {
    if (!(await this.isWanted()) || (await this.repository.hasMedia(this.database.pool))) return;
    for (const line of openingLines()) await this.write(line);
  }

  private async isWanted(): Promise<boolean> {
    const { isLively, isRemoved } = await this.workspace.demo();
    return isLively && !isRemoved;
  }

  private async write({ customer, message }: LifeLine): Promise<void> {
    const url = this.environment.demo?.simulatorUrl ?? '';
    await fetch(`${url}/control/inbound?wait=false`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        contacts: [{ profile: { name: customer.name }, wa_id: customer.waId, user_id: customer.userId }],
        messages: [{ from: customer.waId, from_user_id: customer.userId, ...message }],
      }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
  }
}

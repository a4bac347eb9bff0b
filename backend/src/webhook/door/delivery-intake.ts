import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { hash } from 'node:crypto';
import { newId } from '../../common/ids.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { IntakeRepository, type NewDelivery } from './intake.repository.js';
import { DeliveryWaker } from '../delivery-waker.js';
import { FloodGauge } from './flood-gauge.js';

/** While one statement is written the next group gathers. Two at once write the same rows in twice as many commits. */
const GROUPS_IN_FLIGHT = 1;
/** One to store by, one more so that a group which failed is told apart sooner. */
const CONNECTIONS = 2;
const MAX_GROUP_BODIES = 500;
const MAX_GROUP_BYTES = 8 * 1_024 * 1_024;
/** Meta is told 503 well within two seconds. */
const ANSWER_WITHIN_MS = 1_500;

/** The body could not be stored in time: Meta repeats it for seven days. */
export class NotStoredError extends Error {}

interface Waiting extends NewDelivery {
  settle(error: Error | null): void;
}

/**
 * Stores bodies before they are answered. Those that wait while a statement is under way share the next one: one
 * round trip for all of them is the difference between some 4,000 and 16,000 deliveries a second.
 */
@Injectable()
export class DeliveryIntake implements OnApplicationShutdown {
  private readonly logger = new Logger(DeliveryIntake.name);
  private readonly store: IntakeRepository;
  private readonly gauge = new FloodGauge();
  private waiting: Waiting[] = [];
  private groupsInFlight = 0;
  private isFailing = false;

  constructor(
    @Inject(ENVIRONMENT) environment: Environment,
    private readonly waker: DeliveryWaker,
  ) {
    this.store = new IntakeRepository(environment.databaseUrl, CONNECTIONS);
  }

  /**
   * Resolves once the body is committed, with its id; a body that was known keeps the id it came under first.
   * @throws NotStoredError
   */
  take(body: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      const id = newId();
      this.gauge.enter();
      const timer = setTimeout(() => reject(new NotStoredError('not stored in time')), ANSWER_WITHIN_MS);
      this.waiting.push({
        id,
        body,
        hash: hash('sha256', body, 'binary'),
        settle: (error) => {
          clearTimeout(timer);
          this.gauge.leave();
          if (error) reject(new NotStoredError(error.message, { cause: error }));
          else resolve(id);
        },
      });
      this.startGroup();
    });
  }

  /**
   * Whether more comes in than can be worked through at the same time. What is stored is safe and can wait; what is
   * not stored in time, Meta sends again.
   */
  get isFlooded(): boolean {
    return this.gauge.isFlooded();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  private startGroup(): void {
    if (this.groupsInFlight >= GROUPS_IN_FLIGHT || this.waiting.length === 0) return;
    this.groupsInFlight += 1;
    void this.insertGroup(this.nextGroup()).finally(() => {
      this.groupsInFlight -= 1;
      this.startGroup();
    });
  }

  private nextGroup(): Waiting[] {
    let bytes = 0;
    const end = this.waiting.findIndex((delivery, index) => {
      bytes += delivery.body.length;
      return index >= MAX_GROUP_BODIES || (index > 0 && bytes > MAX_GROUP_BYTES);
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  private async insertGroup(group: Waiting[]): Promise<void> {
    try {
      await this.store.insert(group);
      for (const delivery of group) delivery.settle(null);
    } catch (error) {
      // One of them may be at fault, or the connection was an old one: each is tried alone once.
      if (!(await this.insertAlone(group))) return this.noteFailure(error);
    }
    this.isFailing = false;
    this.waker.wake();
  }

  private async insertAlone(group: Waiting[]): Promise<boolean> {
    const stored = await Promise.all(
      group.map((delivery) =>
        this.store.insert([delivery]).then(
          () => (delivery.settle(null), true),
          (error: unknown) => (delivery.settle(error instanceof Error ? error : new Error(String(error))), false),
        ),
      ),
    );
    return stored.some(Boolean);
  }

  private noteFailure(error: unknown): void {
    if (!this.isFailing)
      this.logger.error(`deliveries cannot be stored, Meta is asked to repeat them: ${String(error)}`);
    this.isFailing = true;
  }
}

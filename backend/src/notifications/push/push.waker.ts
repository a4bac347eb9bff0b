import { InjectQueue } from '@nestjs/bull';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bull';
import { surviveAbsentRedis } from '../../queues/absent-redis.js';
import { QUEUES, WAKE_UP_OPTIONS, type JobMap } from '../../queues/queues.js';
import { HOLD_BACK_SECONDS } from './pushes.repository.js';

const JOB = 'send-pushes';
const DELAY_MS = HOLD_BACK_SECONDS * 1_000 + 50;

/** Says that pushes will be due: one wake-up through Bull for all that come in the same moment. A sweep finds them too. */
@Injectable()
export class PushWaker {
  private readonly logger = new Logger(PushWaker.name);
  private isAdding = false;
  private listener: (() => void) | null = null;

  constructor(@InjectQueue(QUEUES.push) private readonly queue: Queue<JobMap[typeof JOB]>) {
    surviveAbsentRedis(queue);
  }

  /** The sender of this instance. */
  listen(listener: () => void): void {
    this.listener = listener;
  }

  wakeHere(): void {
    this.listener?.();
  }

  /** Never waits and never fails: a lost wake-up costs a few seconds. */
  wake(): void {
    if (this.isAdding) return;
    this.isAdding = true;
    this.queue
      .add(JOB, {}, { ...WAKE_UP_OPTIONS, delay: DELAY_MS })
      .catch((error: unknown) => this.logger.debug(`no wake-up through Redis: ${String(error)}`))
      .finally(() => (this.isAdding = false));
  }
}

import { InjectQueue } from '@nestjs/bull';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bull';
import { surviveAbsentRedis } from '../../queues/absent-redis.js';
import { QUEUES, WAKE_UP_OPTIONS, type JobMap } from '../../queues/queues.js';

const JOB = 'send-messages';

/** Says that a number has something to send: to this instance at once, to the others by Bull, and a sweep finds it. */
@Injectable()
export class OutboundWaker {
  private readonly logger = new Logger(OutboundWaker.name);
  /** While one wake-up of a number is on its way to Redis, more of them say nothing new. */
  private readonly onTheirWay = new Set<string>();
  private listener: ((channelId: string) => void) | null = null;

  constructor(@InjectQueue(QUEUES.outbound) private readonly queue: Queue<JobMap[typeof JOB]>) {
    surviveAbsentRedis(queue);
  }

  /** The sender of this instance. */
  listen(listener: (channelId: string) => void): void {
    this.listener = listener;
  }

  /** Never waits and never fails: a lost wake-up costs a second. `inMs`: what is to go is held back for so long. */
  wake(channelId: string, inMs = 0): void {
    if (inMs > 0) {
      setTimeout(() => this.wake(channelId), inMs).unref();
      return;
    }
    this.listener?.(channelId);
    if (this.onTheirWay.has(channelId)) return;
    this.onTheirWay.add(channelId);
    this.queue
      .add(JOB, { channelId }, WAKE_UP_OPTIONS)
      .catch((error: unknown) => this.logger.debug(`no wake-up through Redis: ${String(error)}`))
      .finally(() => this.onTheirWay.delete(channelId));
  }
}

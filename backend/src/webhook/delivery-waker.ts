import { InjectQueue } from '@nestjs/bull';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bull';
import { EventEmitter } from 'node:events';
import { surviveAbsentRedis } from '../queues/absent-redis.js';
import { QUEUES, WAKE_UP_OPTIONS, type JobMap } from '../queues/queues.js';

const WAKE_UP = 'wake-up';
/** At most one wake-up through Redis in this time, however many deliveries come. */
const COALESCE_MS = 250;

/** Says that deliveries wait: to this process at once, to the others by one coalesced job. Both may be lost. */
@Injectable()
export class DeliveryWaker {
  private readonly local = new EventEmitter();
  private nextJobAtMs = 0;
  private isAdding = false;

  constructor(@InjectQueue(QUEUES.webhook) private readonly queue: Queue<JobMap['process-deliveries']>) {
    surviveAbsentRedis(queue);
  }

  onWake(listener: () => void): void {
    this.local.on(WAKE_UP, listener);
  }

  wake(): void {
    this.wakeHere();
    const nowMs = performance.now();
    if (this.isAdding || nowMs < this.nextJobAtMs) return;
    this.nextJobAtMs = nowMs + COALESCE_MS;
    this.isAdding = true;
    this.queue
      .add('process-deliveries', {}, WAKE_UP_OPTIONS)
      // Redis is away: the local wake-up and the sweep do without it.
      .catch(() => undefined)
      .finally(() => (this.isAdding = false));
  }

  wakeHere(): void {
    this.local.emit(WAKE_UP);
  }
}

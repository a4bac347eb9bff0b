import { OnQueueError, Process, Processor } from '@nestjs/bull';
import { Logger } from '@nestjs/common';
import { QUEUES } from '../../queues/queues.js';
import { PushWaker } from './push.waker.js';

/** A wake-up that carries nothing: PostgreSQL holds what there is to push. */
@Processor(QUEUES.push)
export class PushProcessor {
  private readonly logger = new Logger(PushProcessor.name);

  constructor(private readonly waker: PushWaker) {}

  @Process('send-pushes')
  wake(): void {
    this.waker.wakeHere();
  }

  @OnQueueError()
  noteError(error: Error): void {
    this.logger.debug(`the queue of pushes: ${error.message}`);
  }
}

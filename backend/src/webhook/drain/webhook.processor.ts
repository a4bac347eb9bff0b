import { OnQueueError, Process, Processor } from '@nestjs/bull';
import { Logger } from '@nestjs/common';
import { QUEUES } from '../../queues/queues.js';
import { DeliveryWaker } from '../delivery-waker.js';

/** A wake-up by another instance. It carries nothing: PostgreSQL holds what there is to do. */
@Processor(QUEUES.webhook)
export class WebhookProcessor {
  private readonly logger = new Logger(WebhookProcessor.name);

  constructor(private readonly waker: DeliveryWaker) {}

  @Process('process-deliveries')
  wake(): void {
    this.waker.wakeHere();
  }

  @OnQueueError()
  noteError(error: Error): void {
    this.logger.debug(`the wake-up queue: ${error.message}`);
  }
}

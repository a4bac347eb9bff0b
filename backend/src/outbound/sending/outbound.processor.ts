import { OnQueueError, Process, Processor } from '@nestjs/bull';
import { Logger } from '@nestjs/common';
import type { Job } from 'bull';
import { QUEUES, type JobMap } from '../../queues/queues.js';
import { Sender } from './sender.js';

/** Wake-ups from other instances; one that is lost or comes twice does no harm. */
@Processor(QUEUES.outbound)
export class OutboundProcessor {
  private readonly logger = new Logger(OutboundProcessor.name);

  constructor(private readonly sender: Sender) {}

  @Process('send-messages')
  wake({ data }: Job<JobMap['send-messages']>): void {
    this.sender.kick(data.channelId);
  }

  @OnQueueError()
  onError(error: Error): void {
    this.logger.debug(`the outbound queue: ${error.message}`);
  }
}

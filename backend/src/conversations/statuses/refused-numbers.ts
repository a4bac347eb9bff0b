import { Injectable, Logger } from '@nestjs/common';
import { ChannelRefusals, type Refusal } from '../../channels/channel-refusals.service.js';
import { metaError } from '../../channels/meta-errors.js';
import { Database, type Tx } from '../../database/database.js';
import { StatusApplicationRepository, type MovedMessage } from './status-application.repository.js';

/** What a `failed` status says of more than its message: of the number, or of the pair; as the answer to a send would. */
@Injectable()
export class RefusedNumbers {
  private readonly logger = new Logger(RefusedNumbers.name);

  constructor(
    private readonly database: Database,
    private readonly application: StatusApplicationRepository,
    private readonly refusals: ChannelRefusals,
  ) {}

  /**
   * Messages that have just failed, so that a repeated status says nothing once more. Numbers are locked before threads
   * everywhere, so theirs is done once this has committed; should the process die in between, the number is stopped by
   * the failure of the next message.
   */
  async heed(tx: Tx, failed: readonly MovedMessage[]): Promise<void> {
    const classOf = ({ error }: MovedMessage) =>
      typeof error?.code === 'number' ? metaError(error.code).class : 'permanent';
    await this.application.holdPairs(
      tx,
      failed.filter((message) => classOf(message) === 'pair_limit'),
    );
    const refusals = failed.filter((message) => ['stop_number', 'slow_down'].includes(classOf(message))).map(toRefusal);
    if (refusals.length === 0) return;
    this.database.afterCommit(tx, () => {
      this.refusals.heed(refusals).catch((error: unknown) => {
        this.logger.error('what statuses say of their numbers could not be heeded', error);
      });
    });
  }
}

const toRefusal = ({ channelId, error, failedAt }: MovedMessage): Refusal => ({
  channelId,
  code: Number(error?.code),
  isTransient: false,
  detail: error?.detail ?? null,
  told: { by: 'status', at: failedAt ?? new Date(0) },
});

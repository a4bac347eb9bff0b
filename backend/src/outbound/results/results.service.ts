import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { ChannelRefusals, type Refusal } from '../../channels/channel-refusals.service.js';
import { sqlStateOf } from '../../database/database.js';
import { ResultsWriter } from './results.writer.js';
import type { SendResultItem } from './send-result.js';

const MAX_BATCH = 200;
const RETRY_MS = 1_000;
const MAX_TRIES_WHILE_STOPPING = 5;

/** Collects outcomes while the ones before are being written: at high load many answers share one transaction. */
@Injectable()
export class ResultsService {
  private readonly logger = new Logger(ResultsService.name);
  private pending: SendResultItem[] = [];
  private running: Promise<void> | null = null;
  private isStopping = false;
  private listener: ((channelId: string) => void) | null = null;

  constructor(
    private readonly writer: ResultsWriter,
    private readonly refusals: ChannelRefusals,
  ) {}

  /** Called with a number once conversations of it may send again. */
  onFreed(listener: (channelId: string) => void): void {
    this.listener = listener;
  }

  add(item: SendResultItem): void {
    this.pending.push(item);
    this.running ??= this.drain().finally(() => (this.running = null));
  }

  /** Waits until everything that came in is written; what cannot be written is left to the end of its lease. */
  async flush(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  private async drain(): Promise<void> {
    let failures = 0;
    while (this.pending.length > 0) {
      const batch = this.pending.splice(0, MAX_BATCH);
      try {
        await this.write(batch);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (await this.isGivenUp(batch, error, failures)) continue;
        this.pending.unshift(...batch);
        await delay(RETRY_MS);
      }
    }
  }

  /** PostgreSQL being away is waited for; a result that it refuses is tried alone, so that it takes no other with it. */
  private async isGivenUp(batch: readonly SendResultItem[], error: unknown, failures: number): Promise<boolean> {
    const isRefused = /^2[23]/.test(sqlStateOf(error) ?? '');
    if (!isRefused && (!this.isStopping || failures < MAX_TRIES_WHILE_STOPPING)) {
      this.logger.warn(`outcomes of sends wait for PostgreSQL: ${String(error)}`);
      return false;
    }
    if (batch.length === 1 || !isRefused) {
      this.logger.error('outcomes of sends could not be written; their leases will run out', error);
      return true;
    }
    for (const item of batch) {
      await this.write([item]).catch((reason: unknown) =>
        this.logger.error(`the outcome of message ${item.messageId} could not be written`, reason),
      );
    }
    return true;
  }

  private async write(batch: readonly SendResultItem[]): Promise<void> {
    // The number first: otherwise what is put back into the queue would go out again at once.
    await this.refusals.heed(batch.flatMap(refusalOf));
    for (const channelId of await this.writer.write(batch)) this.listener?.(channelId);
  }
}

function refusalOf({ channelId, tokenSealed, outcome }: SendResultItem): Refusal[] {
  if (outcome.kind !== 'refused') return [];
  const { code, isTransient, detail } = outcome;
  return [{ channelId, code, isTransient, detail, told: { by: 'answer', tokenSealed } }];
}

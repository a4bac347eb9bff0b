import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { ChannelRefusalsRepository, type NumberRefusal } from './channel-refusals.repository.js';
import { ChannelsService } from './channels.service.js';
import { metaError } from './meta-errors.js';
import { slowDown } from './pace.js';

/** Calls in flight, and statuses, tell of what was: a number that sent too fast a minute ago has slowed down since. */
const SLOW_NEWS_MS = 60_000;

/** What Meta said of one message, and when it was told: with the answer to a call, or by a status later. */
export interface Refusal {
  channelId: string;
  code: number;
  isTransient: boolean;
  detail: string | null;
  told: NumberRefusal['told'];
}

/** Draws from the refusal of messages what it says of their number: it stops, or it slows down. Inbound goes on. */
@Injectable()
export class ChannelRefusals {
  private readonly logger = new Logger(ChannelRefusals.name);

  constructor(
    private readonly database: Database,
    private readonly repository: ChannelRefusalsRepository,
    private readonly channels: ChannelsService,
  ) {}

  /**
   * However many there are: one statement stops numbers, three slow them down. Neither is done twice: a stopped number
   * keeps its first reason, and calls that were refused together slow it down once.
   */
  async heed(refusals: readonly Refusal[]): Promise<void> {
    const judged = refusals.map((refusal) => ({ ...refusal, ...metaError(refusal.code, refusal.isTransient) }));
    const stopping = judged
      .filter((refusal) => refusal.class === 'stop_number')
      .map(({ title, detail, ...refusal }) => ({ ...refusal, reason: detail ? `${title}: ${detail}` : title }));
    if (stopping.length > 0) await this.stop(stopping);
    const slowing = judged.filter((refusal) => refusal.class === 'slow_down');
    if (slowing.length > 0) await this.slowDown(slowing);
  }

  private async stop(refusals: readonly NumberRefusal[]): Promise<void> {
    const stopped = await this.database.transaction((tx) => this.repository.stop(tx, refusals));
    for (const { id, code } of stopped) {
      this.logger.error(`sending is stopped for channel ${id} (Meta's code ${code}); the number's page says why`);
      await this.channels.changed(id);
    }
    if (stopped.length === 0) await this.channels.refresh();
  }

  /** Half the pace for all instances. */
  private async slowDown(refusals: readonly Refusal[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      const locked = await this.repository.lockPaces(tx, [...new Set(refusals.map(({ channelId }) => channelId))]);
      const now = await this.database.now(tx);
      const isNews = ({ told }: Refusal) => told.by === 'answer' || now.getTime() - told.at.getTime() < SLOW_NEWS_MS;
      const slowed = new Set(refusals.filter(isNews).map(({ channelId }) => channelId));
      await this.repository.savePaces(
        tx,
        locked.filter(({ id }) => slowed.has(id)).map(({ id, ...pace }) => ({ id, ...slowDown(pace, now) })),
      );
    });
  }
}

import { Injectable } from '@nestjs/common';
import { dailyLimitOf } from '@parley/contract';
import { DomainError } from '../../common/domain.error.js';
import type { Tx } from '../../database/database.js';
import { ChannelStandingService } from '../standing/channel-standing.service.js';
import { type OpeningPlace, OpeningsRepository } from './openings.repository.js';

/** 409: as many customers were written to first within 24 hours as Meta lets the portfolio; `freeAt` is when one more may be. */
class OpeningsUsedUpError extends DomainError {
  constructor(limit: number, used: number, freeAt: Date | null) {
    super(
      'channel.limit_reached',
      409,
      `WhatsApp lets this business open ${String(limit)} conversations in 24 hours; ${String(used)} are open.`,
      { limit, used, freeAt: freeAt?.toISOString() ?? null },
    );
  }
}

/**
 * Keeps to the messaging limit of a portfolio: how many different customers it may write to outside their windows within
 * a moving 24 hours, all its numbers together (Meta: messaging limits). What would go beyond it is refused before it is
 * written: at Meta it would fail with a code that also counts against the number.
 */
@Injectable()
export class OpeningsService {
  constructor(
    private readonly standing: ChannelStandingService,
    private readonly repository: OpeningsRepository,
  ) {}

  /**
   * Whether one more customer may be written to first. Until the transaction ends nobody else takes the same place; where
   * Meta has named no limit, or there is none, nothing is asked.
   * @throws OpeningsUsedUpError
   */
  async admit(tx: Tx, place: OpeningPlace): Promise<void> {
    const limit = dailyLimitOf((await this.standing.messagingLimit(tx, place.channelId)) ?? '');
    if (limit === null || limit === undefined) return;
    await this.repository.lock(tx, place.channelId);
    if (await this.repository.isOpened(tx, place)) return;
    const { used, freeAt } = await this.repository.used(tx, place.channelId);
    if (used >= limit) throw new OpeningsUsedUpError(limit, used, freeAt);
  }

  /** The message is written, and goes to a customer whose window is closed. */
  async note(tx: Tx, opening: OpeningPlace & { conversationId: string; messageId: string }): Promise<void> {
    await this.repository.note(tx, opening);
  }
}

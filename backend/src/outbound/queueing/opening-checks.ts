import { Injectable } from '@nestjs/common';
import { OpeningsService } from '../../channels/openings/openings.service.js';
import { ChannelStandingService } from '../../channels/standing/channel-standing.service.js';
import type { ConversationRow } from '../../conversations/conversation.row.js';
import type { Tx } from '../../database/database.js';
import { NumberRestrictedError } from '../outbound.errors.js';

type Place = Pick<ConversationRow, 'channelId' | 'contactId'>;

/** Whether a template may leave that opens a conversation: what its number and the number's portfolio may still do. */
@Injectable()
export class OpeningChecks {
  constructor(
    private readonly standing: ChannelStandingService,
    private readonly openings: OpeningsService,
  ) {}

  /** @throws NumberRestrictedError, OpeningsUsedUpError */
  async assertMayOpen(tx: Tx, { channelId, contactId }: Place, now: Date): Promise<void> {
    // Meta would refuse it with a code that stops the whole number, replies included.
    const bar = await this.standing.barToOpenings(tx, channelId, now);
    if (bar) throw new NumberRestrictedError(bar);
    if (contactId !== null) await this.openings.admit(tx, { channelId, contactId });
  }

  /** Counts it; a group is nobody whom Meta counts. */
  async note(
    tx: Tx,
    { channelId, contactId }: Place,
    message: { conversationId: string; messageId: string },
  ): Promise<void> {
    if (contactId !== null) await this.openings.note(tx, { channelId, contactId, ...message });
  }
}

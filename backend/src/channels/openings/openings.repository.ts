import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** Who is to be written to first, from which number. */
export interface OpeningPlace {
  channelId: string;
  contactId: string;
}

/** How much of its messaging limit a portfolio has used. */
interface UsedOpenings {
  /** Different customers within the last 24 hours. */
  used: number;
  /** When the first of them counts no more; null = there is none. */
  freeAt: Date | null;
}

/** Within the last 24 hours, and not by a message that failed: that one opened nothing. */
const COUNTS = `o.opened_at > app_now() - interval '24 hours' and m.status is distinct from 'failed'`;
const OPENINGS = `portfolio_openings o
  left join messages m on m.conversation_id = o.conversation_id and m.id = o.message_id`;

/** Whom the portfolios wrote to first. */
@Injectable()
export class OpeningsRepository {
  /** Until the transaction ends nobody else opens a conversation of the number's portfolio. */
  async lock(tx: Tx, channelId: string): Promise<void> {
    await query(
      tx,
      `select pg_advisory_xact_lock(hashtextextended('openings ' || portfolio_id, 0)) from channels where id = $1`,
      [channelId],
    );
  }

  /** All numbers of the portfolio together. */
  async used(tx: Tx, channelId: string): Promise<UsedOpenings> {
    const [row] = await query<UsedOpenings>(
      tx,
      `select count(*)::int as used, min(o.opened_at) + interval '24 hours' as "freeAt"
       from ${OPENINGS}
       where o.portfolio_id = (select portfolio_id from channels where id = $1) and ${COUNTS}`,
      [channelId],
    );
    return row ?? { used: 0, freeAt: null };
  }

  /** Whether this customer counts already: writing to them once more uses nothing. */
  async isOpened(tx: Tx, { channelId, contactId }: OpeningPlace): Promise<boolean> {
    const rows = await query(
      tx,
      `select 1 from ${OPENINGS}
       where o.portfolio_id = (select portfolio_id from channels where id = $1) and o.contact_id = $2 and ${COUNTS}`,
      [channelId, contactId],
    );
    return rows.length > 0;
  }

  async note(
    tx: Tx,
    { channelId, contactId, conversationId, messageId }: OpeningPlace & { conversationId: string; messageId: string },
  ): Promise<void> {
    await query(
      tx,
      `insert into portfolio_openings (portfolio_id, contact_id, conversation_id, message_id, opened_at)
       select portfolio_id, $2, $3, $4, app_now() from channels where id = $1
       on conflict (portfolio_id, contact_id) do update
         set conversation_id = excluded.conversation_id, message_id = excluded.message_id,
             opened_at = excluded.opened_at`,
      [channelId, contactId, conversationId, messageId],
    );
  }
}

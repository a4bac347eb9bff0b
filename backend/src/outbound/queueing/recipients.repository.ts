import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** What is known of the customer behind a conversation that decides which kinds of message they may get. */
@Injectable()
export class RecipientsRepository {
  /**
   * Whether a phone number of the customer is known, of the country with this calling code where one is given: some
   * kinds of message go to no user id, or to one country only.
   */
  async hasPhone(tx: Tx, conversationId: string, callingCode = ''): Promise<boolean> {
    const rows = await query(
      tx,
      `select 1 from conversations c
       join contact_identities i on i.contact_id = c.contact_id and i.kind = 'wa_id' and i.retired_at is null
       where c.id = $1 and starts_with(i.value, $2) limit 1`,
      [conversationId, callingCode],
    );
    return rows.length > 0;
  }

  /** Since when the customer wants no marketing; null = they may get it. */
  async marketingStoppedAt(tx: Tx, conversationId: string): Promise<Date | null> {
    const [row] = await query<{ stoppedAt: Date | null }>(
      tx,
      `select p.marketing_told_at as "stoppedAt" from conversations c join contacts p on p.id = c.contact_id
       where c.id = $1 and p.marketing_stopped`,
      [conversationId],
    );
    return row?.stoppedAt ?? null;
  }
}

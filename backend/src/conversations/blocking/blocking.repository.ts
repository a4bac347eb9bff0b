import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** A customer as Meta's block list names them. */
export type BlockableUser = { user: string } | { user_id: string };

@Injectable()
export class BlockingRepository {
  /** By number where it is known, else by user id, as sends go; null when neither is known. */
  async userOf(tx: Tx, contactId: string, portfolioId: string): Promise<BlockableUser | null> {
    const [row] = await query<{ waId: string | null; userId: string | null }>(
      tx,
      `select
         (select value from contact_identities
          where contact_id = $1 and kind = 'wa_id' and retired_at is null order by created_at desc limit 1) as "waId",
         (select value from contact_identities
          where contact_id = $1 and kind = 'bsuid' and scope = $2 and retired_at is null
          order by created_at desc limit 1) as "userId"`,
      [contactId, portfolioId],
    );
    if (row?.waId) return { user: `+${row.waId}` };
    return row?.userId ? { user_id: row.userId } : null;
  }
}

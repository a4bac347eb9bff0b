import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';
import { newestIdFirst } from '../contact-ids.sql.js';

/** A customer as Meta's block list names them. */
export type BlockableUser = { user: string } | { user_id: string };

@Injectable()
export class BlockingRepository {
  /** By number where it is known, else by user id, as sends go; null when neither is known. */
  async userOf(tx: Tx, contactId: string, portfolioId: string): Promise<BlockableUser | null> {
    const [row] = await query<{ waId: string | null; userId: string | null }>(
      tx,
      `select
         (select i.value from contact_identities i
          where i.contact_id = $1 and i.kind = 'wa_id' and i.retired_at is null ${newestIdFirst('i')} limit 1) as "waId",
         (select i.value from contact_identities i
          where i.contact_id = $1 and i.kind = 'bsuid' and i.scope = $2 ${newestIdFirst('i')} limit 1) as "userId"`,
      [contactId, portfolioId],
    );
    if (row?.waId) return { user: `+${row.waId}` };
    return row?.userId ? { user_id: row.userId } : null;
  }
}

import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import type { Revision } from '../inbound/amendments.js';

/** What messages said before they were edited or deleted. */
@Injectable()
export class RevisionsRepository {
  /** Null = there is no such message; empty = nobody changed it. */
  async of(tx: Tx, conversationId: string, messageId: string): Promise<Revision[] | null> {
    const [row] = await prepared<{ revisions: Revision[] | null }>(
      tx,
      'select revisions from messages where conversation_id = $1 and id = $2',
      [conversationId, messageId],
    );
    return row ? (row.revisions ?? []) : null;
  }
}

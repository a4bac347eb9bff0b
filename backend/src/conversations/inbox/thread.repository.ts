import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import type { MessageView, TimelineView } from '../conversation-views.js';
import { messageViews, timelineViews } from '../hydration.repository.js';
import type { ThreadPlace } from '../list-cursor.js';

/** Pages of a thread, newest first, and the lines that stand between the messages. */
@Injectable()
export class ThreadRepository {
  /** One page in the order (event second, seq), and one row more when there is another. */
  async messages(tx: Tx, conversationId: string, before: ThreadPlace | null, limit: number): Promise<MessageView[]> {
    const place = before ? 'and (event_second, seq) < ($3::bigint, $4::bigint)' : '';
    return prepared<MessageView>(
      tx,
      messageViews(
        `select * from messages where conversation_id = $1 ${place} order by event_second desc, seq desc limit $2`,
        'order by m.event_second desc, m.seq desc',
      ),
      [conversationId, limit + 1, ...(before ? [before.eventSecond, before.seq] : [])],
    );
  }

  /** Lines after the messages from `fromSeq` on, up to those that the pages before have shown; oldest first. */
  async timeline(tx: Tx, conversationId: string, fromSeq: number, beforeSeq: number | null): Promise<TimelineView[]> {
    return prepared<TimelineView>(
      tx,
      timelineViews(
        `select * from timeline_entries
         where conversation_id = $1 and after_seq >= $2 and ($3::bigint is null or after_seq < $3)`,
        'order by t.after_seq, t.id',
      ),
      [conversationId, fromSeq, beforeSeq],
    );
  }
}

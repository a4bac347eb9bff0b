import { Injectable } from '@nestjs/common';
import type { GalleryKind } from '@parley/contract';
import { prepared, type Tx } from '../../database/database.js';
import type { MessageView } from '../conversation-views.js';
import { messageViews } from '../hydration.repository.js';
import type { ThreadPlace } from '../list-cursor.js';

/** Word for word the conditions of the partial indexes `messages_gallery_*`: otherwise the planner leaves them aside. */
const CONDITION: Record<GalleryKind, string> = {
  media: `type in ('image', 'video')`,
  files: `type in ('document', 'audio')`,
  links: `body ~* '(https?://|www\\.)'`,
};

/** The messages of a thread that carry something to find again. */
@Injectable()
export class GalleryRepository {
  /** One page, newest first, and one row more when there is another. */
  async page(
    tx: Tx,
    conversationId: string,
    kind: GalleryKind,
    before: ThreadPlace | null,
    limit: number,
  ): Promise<MessageView[]> {
    const place = before ? 'and (event_second, seq) < ($3::bigint, $4::bigint)' : '';
    return prepared<MessageView>(
      tx,
      messageViews(
        `select * from messages where conversation_id = $1 and ${CONDITION[kind]} ${place}
         order by event_second desc, seq desc limit $2`,
        'order by m.event_second desc, m.seq desc',
      ),
      [conversationId, limit + 1, ...(before ? [before.eventSecond, before.seq] : [])],
    );
  }
}

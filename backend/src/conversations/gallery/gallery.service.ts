import { Injectable } from '@nestjs/common';
import type { Gallery, GalleryQuery } from '@parley/contract';
import { Database } from '../../database/database.js';
import { ConversationAccess, type Viewer } from '../conversation-access.js';
import { toMessage } from '../conversations.mapper.js';
import { decodeThreadCursor, encodeThreadCursor } from '../list-cursor.js';
import { GalleryRepository } from './gallery.repository.js';

/** What was sent in a conversation besides words, for who may see the conversation. */
@Injectable()
export class GalleryService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly repository: GalleryRepository,
  ) {}

  /** @throws NotFoundError also when the conversation exists but not for this agent */
  async page(agent: Viewer, conversationId: string, { kind, before, limit }: GalleryQuery): Promise<Gallery> {
    const place = before === undefined ? null : decodeThreadCursor(before);
    const { id } = await this.access.assertVisible(agent, conversationId);
    const rows = await this.repository.page(this.database.pool, id, kind, place, limit);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const hasMore = rows.length > page.length && last !== undefined;
    return {
      items: page.map(toMessage),
      nextCursor: hasMore
        ? encodeThreadCursor({ eventSecond: last.eventSecond, seq: last.seq, lowestSeq: last.seq })
        : null,
    };
  }
}

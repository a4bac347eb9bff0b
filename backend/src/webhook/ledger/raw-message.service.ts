import { Injectable } from '@nestjs/common';
import type { RawMessage } from '@parley/contract';
import { NotFoundError } from '../../common/domain.error.js';
import { clip } from '../../common/storable.js';
import { ConversationAccess, type Viewer } from '../../conversations/conversation-access.js';
import { Database } from '../../database/database.js';
import { RawMessageRepository } from './raw-message.repository.js';
import { partOf } from './raw-part.js';

/** Longest text that is shown of one post. */
const MAX_CHARS = 20_000;

/** What Meta said about a message, in its own words. */
@Injectable()
export class RawMessageService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly repository: RawMessageRepository,
  ) {}

  /** @throws NotFoundError also when the conversation exists but not for this agent */
  async of(agent: Viewer, conversationId: string, messageId: string): Promise<RawMessage> {
    const { id } = await this.access.assertVisible(agent, conversationId);
    const message = await this.repository.message(this.database.pool, id, messageId);
    if (!message) throw new NotFoundError('message');
    const posted = await this.repository.posted(this.database.pool, messageId);
    return {
      ...message,
      items: posted.map(({ body, wamid, receivedAt, ...item }) => {
        const json = partOf(body, wamid);
        return {
          ...item,
          receivedAt: receivedAt.toISOString(),
          json: json === null ? null : clip(json, MAX_CHARS),
          isCut: json !== null && json.length > MAX_CHARS,
        };
      }),
    };
  }
}

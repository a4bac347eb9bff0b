import { Injectable } from '@nestjs/common';
import type {
  FailureGroupList,
  FailureList,
  FailureListQuery,
  SettledFailures,
  SettleFailures,
} from '@parley/contract';
import type { Viewer } from '../conversations/conversation-access.js';
import { placeOf } from '../conversations/conversations.repository.js';
import { Database } from '../database/database.js';
import { LogRepository } from '../log/log.repository.js';
import { decodeFailureCursor, encodeFailureCursor } from './failure-cursor.js';
import { toFailure, toGroups } from './failures.mapper.js';
import { FailuresRepository } from './failures.repository.js';

/** The failure desk: what did not get through, by cause, until it is sent again or taken off. */
@Injectable()
export class FailuresService {
  constructor(
    private readonly database: Database,
    private readonly repository: FailuresRepository,
    private readonly log: LogRepository,
  ) {}

  async groups(agent: Viewer): Promise<FailureGroupList> {
    return { items: toGroups(await this.repository.groups(this.database.pool, agent)) };
  }

  /** @throws InvalidRequestError for a cursor that is none */
  async list(agent: Viewer, { state, code, channel, cursor, limit }: FailureListQuery): Promise<FailureList> {
    const after = cursor === undefined ? null : decodeFailureCursor(cursor);
    const filter = { state, code, channelId: channel ?? null, after, limit: limit + 1 };
    const rows = await this.repository.page(this.database.pool, agent, filter);
    const now = await this.database.now();
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map((row) => toFailure(row, now)),
      nextCursor: last && rows.length > limit ? encodeFailureCursor(last) : null,
    };
  }

  /** Takes messages off the desk (`dismiss`), or puts back what was taken off (`restore`). Repeating it changes nothing. */
  async settle(agent: Viewer, { messages }: SettleFailures, act: 'dismiss' | 'restore'): Promise<SettledFailures> {
    const changed = await this.database.transaction(async (tx) => {
      const now = await this.database.now(tx);
      const rows = await this.repository.settle(tx, agent, messages, act === 'restore', now);
      await this.log.append(
        tx,
        rows.map((row) => ({
          ...placeOf(row),
          type: 'message.updated' as const,
          conversationId: row.conversationId,
          messageId: row.messageId,
        })),
      );
      return rows;
    });
    return { messages: changed.map(({ conversationId, messageId }) => ({ conversationId, messageId })) };
  }
}

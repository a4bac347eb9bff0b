import { newId } from '../../src/common/ids.js';
import {
  ConversationsRepository,
  placeOf,
  type ConversationPatch,
} from '../../src/conversations/conversations.repository.js';
import { OutboundMessagesRepository } from '../../src/conversations/outbound-messages.repository.js';
import { SYSTEM, type ConversationRow } from '../../src/conversations/conversation.row.js';
import { query } from '../../src/database/database.js';
import { comparePlaces, decodeCursor, type LogPlace } from '../../src/log/log-cursor.js';
import { LogPosition } from '../../src/log/log-position.js';
import { LogRepository } from '../../src/log/log.repository.js';
import type { TestApp } from './test-app.js';
import { waitFor } from './wait-for.js';

/** Conversations and messages made by the shared primitives: each leaves its events like the product's own. */
export class Threads {
  private channelId: string | null = null;

  constructor(private readonly test: TestApp) {}

  async create(over: { teamId?: string | null; assigneeId?: string | null } = {}): Promise<string> {
    this.channelId ??= (await this.test.given.channel()).id;
    const [id, contactId] = [newId(), newId()];
    await this.test.database.transaction(async (tx) => {
      await query(tx, `insert into contacts (id, name) values ($1, 'Zoe')`, [contactId]);
      await query(
        tx,
        `insert into conversations (id, channel_id, contact_id, status, team_id, assignee_id, last_activity_at)
         values ($1, $2, $3, 'open', $4, $5, now())`,
        [id, this.channelId, contactId, over.teamId ?? null, over.assigneeId ?? null],
      );
      await this.test.app
        .get(LogRepository, { strict: false })
        .append(tx, [{ type: 'conversation.updated', conversationId: id, ...placeOf(await this.row(id, tx)) }]);
    });
    return id;
  }

  /** A message in the thread; `body` is what it says. */
  async say(id: string, body = 'hello'): Promise<string> {
    const [messageId = ''] = await this.sayAll(id, [body]);
    return messageId;
  }

  /** Messages that become readable all at once. */
  async sayAll(id: string, bodies: readonly string[]): Promise<string[]> {
    return this.test.database.transaction(async (tx) => {
      const locked = await this.repository.lock(tx, id);
      if (!locked) throw new Error('no such conversation');
      const outbound = this.test.app.get(OutboundMessagesRepository, { strict: false });
      const ids: string[] = [];
      let { row } = locked;
      for (const body of bodies) {
        const draft = { type: 'text' as const, body, content: { text: { body } }, status: 'queued' as const };
        const said = await outbound.append(tx, row, { sender: SYSTEM, ...draft }, locked.now);
        row = said.conversation;
        ids.push(said.messageId);
      }
      return ids;
    });
  }

  /** Moves it to another owner or team. */
  async move(id: string, patch: ConversationPatch): Promise<ConversationRow> {
    return this.test.database.transaction(async (tx) => {
      const locked = await this.repository.lock(tx, id);
      if (!locked) throw new Error('no such conversation');
      return this.repository.change(tx, locked.row, patch, [], locked.now);
    });
  }

  /**
   * The log's position once everything committed so far can be read: a transaction of another test file, in another
   * database of the same server, may hold it back for a moment.
   */
  async position(): Promise<string> {
    return waitFor(async () => {
      const cursor = await this.test.app.get(LogPosition, { strict: false }).current();
      const [last] = await query<LogPlace>(
        this.test.database.pool,
        `select xid, id from events order by xid desc, id desc limit 1`,
      );
      const place = decodeCursor(cursor);
      return !last || (place && comparePlaces(place, last) >= 0) ? cursor : null;
    }, 'everything to be readable');
  }

  private get repository(): ConversationsRepository {
    return this.test.app.get(ConversationsRepository, { strict: false });
  }

  private async row(id: string, tx = this.test.database.pool): Promise<ConversationRow> {
    const row = await this.repository.find(tx, id);
    if (!row) throw new Error('no such conversation');
    return row;
  }
}

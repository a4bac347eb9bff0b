import 'reflect-metadata';
import { Test, type TestingModule } from '@nestjs/testing';
import type { AgentRole, ConversationStatus, Priority, ReceiptsPolicy } from '@parley/contract';
import { randomBytes } from 'node:crypto';
import type { AuthenticatedAgent } from '../../src/common/access/authenticated-agent.js';
import { newId } from '../../src/common/ids.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { ENVIRONMENT, loadEnvironment } from '../../src/config/environment.js';
import { ConversationsModule } from '../../src/conversations/conversations.module.js';
import { Database, query } from '../../src/database/database.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { HintsModule } from '../../src/hints/hints.module.js';
import { LogModule } from '../../src/log/log.module.js';
import { createTestDatabase, testRedisUrl } from './database.js';

export interface GivenConversation {
  status?: ConversationStatus;
  assigneeId?: string | null;
  lastAssigneeId?: string | null;
  teamId?: string | null;
  channelId?: string;
  contact?: { name?: string; phone?: string | null; username?: string | null };
  lastActivityAt?: string;
  waitingSince?: string | null;
  windowExpiresAt?: string | null;
  snoozedUntil?: string | null;
  priority?: Priority | null;
}

/** The conversations module alone on a database of its own, with rows made by SQL. */
export class ConversationsRig {
  private channelId: string | null = null;

  private constructor(
    readonly testing: TestingModule,
    readonly redisUrl: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async start(): Promise<ConversationsRig> {
    const testDatabase = await createTestDatabase();
    const redisUrl = testRedisUrl();
    const environment = loadEnvironment({
      DATABASE_URL: testDatabase.url,
      REDIS_URL: redisUrl,
      JWT_SECRET: randomBytes(32).toString('hex'),
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    });
    const testing = await Test.createTestingModule({
      imports: [ConfigModule, DatabaseModule, HintsModule, LogModule, ConversationsModule],
    })
      .overrideProvider(ENVIRONMENT)
      .useValue(environment)
      .compile();
    testing.useLogger(['error', 'fatal']);
    await testing.init();
    return new ConversationsRig(testing, redisUrl, testDatabase.drop);
  }

  async close(): Promise<void> {
    await this.testing.close();
    await this.dropDatabase();
  }

  get database(): Database {
    return this.testing.get(Database);
  }

  sql<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return query<Row>(this.database.pool, text, parameters);
  }

  /** Moves the one clock that decides. */
  async advanceClock(interval: string): Promise<void> {
    await this.sql('update app_clock set shift = shift + $1::interval', [interval]);
  }

  async agent(
    over: { name?: string; role?: AgentRole; teamIds?: string[]; active?: boolean } = {},
  ): Promise<AuthenticatedAgent> {
    const { name = 'Ana', role = 'agent', teamIds = [], active = true } = over;
    const id = newId();
    await this.sql(
      `insert into agents (id, name, email, role, active, password_hash) values ($1, $2, $5, $3, $4, '')`,
      [id, name, role, active, `${id}@example.org`],
    );
    for (const teamId of teamIds) await this.sql('insert into team_members values ($1, $2)', [teamId, id]);
    return { id, name, role, teamIds, sessionId: newId() };
  }

  async team(name: string): Promise<string> {
    const id = newId();
    await this.sql('insert into teams (id, name) values ($1, $2)', [id, name]);
    return id;
  }

  async channel(receiptsPolicy: ReceiptsPolicy = 'on_open'): Promise<string> {
    const id = newId();
    await this.sql(
      `insert into channels (id, name, phone_number_id, business_account_id, portfolio_id, receipts_policy)
       values ($1, 'Shop', $3, 'waba', 'waba', $2)`,
      [id, receiptsPolicy, id],
    );
    return id;
  }

  /** A conversation with its first case and no messages. */
  async conversation(over: GivenConversation = {}): Promise<string> {
    const channelId = over.channelId ?? (this.channelId ??= await this.channel());
    const status = over.status ?? 'open';
    const [id, contactId, caseId] = [newId(), newId(), newId()];
    const { name = 'Maria', phone = '5511987654321', username = null } = over.contact ?? {};
    await this.sql('insert into contacts (id, name, phone, username) values ($1, $2, $3, $4)', [
      contactId,
      name,
      phone,
      username,
    ]);
    await this.sql(
      `insert into conversations (id, channel_id, contact_id, status, assignee_id, last_assignee_id, team_id,
         last_activity_at, waiting_since, window_expires_at, snoozed_until, case_id, priority)
       values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, app_now()), $9, $10, $11, $12, $13)`,
      [
        id,
        channelId,
        contactId,
        status,
        over.assigneeId ?? null,
        over.lastAssigneeId ?? null,
        over.teamId ?? null,
        over.lastActivityAt ?? null,
        over.waitingSince ?? null,
        over.windowExpiresAt ?? null,
        over.snoozedUntil ?? (status === 'snoozed' ? '2099-01-01T00:00:00Z' : null),
        caseId,
        over.priority ?? null,
      ],
    );
    await this.sql(
      `insert into cases (conversation_id, id, number, opened_at, opened_by, resolved_at)
       values ($1, $2, 1, app_now(), 'contact', case when $3 then app_now() end)`,
      [id, caseId, status === 'resolved'],
    );
    return id;
  }

  /** A customer's message, as receiving writes it; `at` is its event time. */
  async inbound(
    conversationId: string,
    body = 'Hello',
    at?: string,
  ): Promise<{ id: string; seq: number; wamid: string }> {
    return this.message(conversationId, 'inbound', 'contact', 'received', body, at);
  }

  /** An answer of the bot that waits in the outbox. */
  async queuedByBot(conversationId: string): Promise<{ id: string; seq: number; wamid: string }> {
    return this.message(conversationId, 'outbound', 'bot', 'queued', 'Our prices');
  }

  private async message(
    conversationId: string,
    direction: 'inbound' | 'outbound',
    sender: 'contact' | 'bot',
    status: string,
    body: string,
    at?: string,
  ): Promise<{ id: string; seq: number; wamid: string }> {
    const id = newId();
    const wamid = `wamid.${id}`;
    const inbound = direction === 'inbound' ? 1 : 0;
    const [row] = await this.sql<{ seq: number }>(
      `with moved as (
         update conversations set last_seq = last_seq + 1, rev = rev + 1, inbound_count = inbound_count + $4,
           last_inbound_seq = case when $4 = 1 then last_seq + 1 else last_inbound_seq end, last_message_id = $2,
           last_activity_at = app_now()
         where id = $1 returning *
       )
       insert into messages (conversation_id, id, channel_id, case_id, seq, direction, sender_type, sender_id, type,
         body, content, wamid, status, event_at, event_second, inbound_number)
       select id, $2, channel_id, case_id, last_seq, $3, $5, case when $4 = 1 then contact_id end, 'text', $6,
         json_build_object('text', json_build_object('body', $6::text)), case when $4 = 1 then $7 end, $8,
         coalesce($9, app_now()), floor(extract(epoch from coalesce($9, app_now()))), inbound_count
       from moved returning seq`,
      [conversationId, id, direction, inbound, sender, body, wamid, status, at ?? null],
    );
    if (!row) throw new Error('no such conversation');
    return { id, seq: row.seq, wamid };
  }

  /** What the log says of a conversation, in the order of writing. */
  events(conversationId: string): Promise<
    {
      type: string;
      messageId: string | null;
      agentId: string | null;
      assigneeBefore: string | null;
      assigneeAfter: string | null;
    }[]
  > {
    return this.sql(
      `select type, message_id as "messageId", agent_id as "agentId", assignee_before as "assigneeBefore",
         assignee_after as "assigneeAfter"
       from events where conversation_id = $1 order by id`,
      [conversationId],
    );
  }

  /** The kinds of the conversation's timeline lines, oldest first. */
  async timeline(conversationId: string): Promise<string[]> {
    const rows = await this.sql<{ kind: string }>(
      'select kind from timeline_entries where conversation_id = $1 order by id',
      [conversationId],
    );
    return rows.map((row) => row.kind);
  }
}

import type { Message, MessageStatus } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { newId } from '../../src/common/ids.js';
import { query } from '../../src/database/database.js';
import { LogRepository } from '../../src/log/log.repository.js';
import { OutboundSweeper } from '../../src/outbound/sending/outbound.sweeper.js';
import { FakeGraph } from './fake-graph.js';
import { startTestApp, type TestAgent, type TestApp } from './test-app.js';
import { waitFor } from './wait-for.js';

export interface GivenThread {
  channelId?: string;
  status?: 'open' | 'pending' | 'resolved';
  assigneeId?: string | null;
  /** Null = it never opened. */
  windowExpiresAt?: string | null;
  /** Inbound messages already there; the window is open after the newest. */
  inbound?: string[];
  /** Digits of the customer's number; any without it. */
  phone?: string;
}

/** The whole application against a Graph API of the test's own. */
export class OutboundRig {
  private constructor(
    readonly app: TestApp,
    readonly graph: FakeGraph,
    readonly channel: { id: string; phoneNumberId: string },
    readonly ana: TestAgent,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<OutboundRig> {
    const graph = await FakeGraph.start();
    const app = await startTestApp({ env: { WHATSAPP_GRAPH_URL: graph.url, ...env } });
    const [channel, ana] = [await app.given.channel(), await app.given.agent({ name: 'Ana' })];
    return new OutboundRig(app, graph, channel, ana);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.graph.close();
  }

  sql<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return query<Row>(this.app.database.pool, text, parameters);
  }

  /** Moves the one clock that decides. */
  async advanceClock(interval: string): Promise<void> {
    await this.sql('update app_clock set shift = shift + $1::interval', [interval]);
  }

  /** What the sweeper does every second, now. */
  sweep(app: TestApp = this.app): Promise<void> {
    return app.app.get(OutboundSweeper, { strict: false }).sweep();
  }

  /** Until the follower of the log has looked at all that was written so far. */
  async followed(consumer: string): Promise<void> {
    await waitFor(async () => {
      const [state] = await this.sql<{ isThere: boolean }>(
        `select not exists (select from events e where (e.xid, e.id) > (l.xid, l.id)) as "isThere"
         from log_consumers l where l.name = $1`,
        [consumer],
      );
      return state?.isThere;
    }, `${consumer} to be at the head`);
  }

  /** A thread with one customer, an open window and, if wanted, some words of theirs. */
  async thread(given: GivenThread = {}): Promise<string> {
    const [id, contactId, caseId] = [newId(), newId(), newId()];
    const phone = given.phone ?? String(Math.floor(1e11 + Math.random() * 9e11));
    const { status = 'open', assigneeId = null, inbound = [] } = given;
    const channelId = given.channelId ?? this.channel.id;
    await this.sql('insert into contacts (id, name, phone) values ($1, $2, $3)', [contactId, 'Maria', phone]);
    await this.sql(`insert into contact_identities values ('wa_id', '', $1, $2)`, [phone, contactId]);
    await this.sql(
      `insert into conversations (id, channel_id, contact_id, status, assignee_id, last_activity_at,
         window_expires_at, case_id)
       values ($1, $2, $3, $4, $5, app_now(),
         case $6::text when 'never' then null else coalesce($6::timestamptz, app_now() + interval '23 hours') end, $7)`,
      [
        id,
        channelId,
        contactId,
        status,
        assigneeId,
        given.windowExpiresAt === null ? 'never' : (given.windowExpiresAt ?? null),
        caseId,
      ],
    );
    await this.sql(
      `insert into cases (conversation_id, id, number, opened_at, opened_by) values ($1, $2, 1, app_now(), 'contact')`,
      [id, caseId],
    );
    for (const text of inbound) await this.customerWrites(id, text);
    return id;
  }

  /** A customer's message as the webhook would store it; logged, so that the bot hears of it. */
  async customerWrites(conversationId: string, text: string, buttonId: string | null = null): Promise<string> {
    const id = newId();
    const content = buttonId
      ? { interactive: { kind: 'button_reply', id: buttonId, title: text, description: null } }
      : { text: { body: text } };
    await this.app.database.transaction(async (tx) => {
      await query(
        tx,
        `with moved as (
           update conversations set last_seq = last_seq + 1, rev = rev + 1, inbound_count = inbound_count + 1,
             last_inbound_seq = last_seq + 1, last_message_id = $2, last_activity_at = app_now(),
             waiting_since = coalesce(waiting_since, app_now()), window_expires_at = app_now() + interval '24 hours'
           where id = $1 returning *
         )
         insert into messages (conversation_id, id, channel_id, case_id, seq, direction, sender_type, sender_id, type,
           body, content, wamid, status, event_at, event_second, inbound_number)
         select id, $2, channel_id, case_id, last_seq, 'inbound', 'contact', contact_id, $5, $3, $4, $6, 'received',
           app_now(), floor(extract(epoch from app_now())), inbound_count from moved`,
        [conversationId, id, text, JSON.stringify(content), buttonId ? 'interactive' : 'text', `wamid.IN${id}`],
      );
      const log = this.app.app.get(LogRepository, { strict: false });
      await log.append(tx, [{ type: 'message.created', conversationId, messageId: id }]);
    });
    return id;
  }

  /** `POST …/messages` with a text. */
  send(
    conversationId: string,
    body: string,
    over: { agent?: TestAgent; clientMessageId?: string; basedOn?: number; replyTo?: string; app?: TestApp } = {},
  ) {
    const { agent = this.ana, clientMessageId = randomUUID(), basedOn, replyTo, app = this.app } = over;
    return app.call<Message>(agent, 'POST', `/conversations/${conversationId}/messages`, {
      clientMessageId,
      type: 'text',
      text: { body },
      ...(basedOn === undefined ? {} : { basedOn }),
      ...(replyTo === undefined ? {} : { replyTo }),
    });
  }

  /** Sends and expects it to be taken; the message's id. */
  async sent(conversationId: string, body: string, over: Parameters<OutboundRig['send']>[2] = {}): Promise<string> {
    const { status, body: message } = await this.send(conversationId, body, over);
    if (status !== 201) throw new Error(`sending answered ${String(status)}: ${JSON.stringify(message)}`);
    return message.id;
  }

  async message(id: string): Promise<{
    status: MessageStatus;
    error: { code: unknown; retryable: boolean } | null;
    attempts: number;
    wamid: string | null;
    rev: number;
  }> {
    const [row] = await this.sql<Awaited<ReturnType<OutboundRig['message']>>>(
      'select status, error, attempts, wamid, rev from messages where id = $1',
      [id],
    );
    if (!row) throw new Error(`no message ${id}`);
    return row;
  }

  /** Waits until the message stands so. */
  async becomes(id: string, status: MessageStatus): Promise<void> {
    await waitFor(async () => (await this.message(id)).status === status);
  }

  /** Lets the clock run until the message stands so: retries come by and by. Never while a call is under way. */
  async becomesInTime(id: string, status: MessageStatus, step = '20 seconds'): Promise<void> {
    await waitFor(async () => {
      if ((await this.message(id)).status === status) return true;
      const [busy] = await this.sql<{ count: number }>('select count(*) from outbox where lease_id is not null');
      if (busy?.count === 0) await this.advanceClock(step);
      await this.sweep();
      return false;
    }, `${id} to be ${status}`);
  }
}

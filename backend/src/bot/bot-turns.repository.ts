import { Injectable } from '@nestjs/common';
import type { Message } from '@parley/contract';
import { prepared, type Tx } from '../database/database.js';

export interface DueTurn {
  triggerSeq: number;
  attempts: number;
}

/** The customer's message that a turn answers. */
export interface Trigger {
  seq: number;
  type: Message['type'];
  rawType: string | null;
  body: string;
  content: Pick<Message, 'interactive'>;
  eventAt: Date;
}

export interface TurnEnd {
  state: 'answered' | 'skipped';
  reason: string;
  ruleId?: string | null;
  messageId?: string | null;
}

/** The bot's work: one row for each message of a customer that it may answer. */
@Injectable()
export class BotTurnsRepository {
  /** One turn for each customer's message in a conversation that is the bot's; again for the same ones: nothing. */
  async insert(tx: Tx, refs: readonly { conversationId: string; messageId: string }[]): Promise<number> {
    const rows = await prepared(
      tx,
      `insert into bot_turns (conversation_id, trigger_seq, due_at, created_at)
       select m.conversation_id, m.seq, app_now(), app_now()
       from unnest($1::uuid[], $2::uuid[]) as named (conversation_id, message_id)
       join conversations told on told.id = named.conversation_id
       join conversations c on c.id = coalesce(told.merged_into_id, told.id)
       join messages m on m.conversation_id = c.id and m.id = named.message_id
       where m.direction = 'inbound' and m.sender_type = 'contact' and m.type <> 'system'
         and m.origin is null and c.status = 'pending' and c.kind = 'direct' and c.merged_into_id is null
       order by m.conversation_id, m.seq
       on conflict (conversation_id, trigger_seq) do nothing
       returning trigger_seq`,
      [refs.map((ref) => ref.conversationId), refs.map((ref) => ref.messageId)],
    );
    return rows.length;
  }

  /** Conversations with a turn that is due, longest waiting first. */
  async due(tx: Tx, limit: number): Promise<{ conversationId: string; channelId: string }[]> {
    return prepared(
      tx,
      `select t.conversation_id as "conversationId", c.channel_id as "channelId"
       from bot_turns t join conversations c on c.id = t.conversation_id
       where t.state = 'due' and t.due_at <= app_now()
       group by t.conversation_id, c.channel_id
       order by min(t.due_at) limit $1`,
      [limit],
    );
  }

  /** The turns of a conversation that nobody has taken, under the conversation's lock. */
  async lockDue(tx: Tx, conversationId: string): Promise<DueTurn[]> {
    return prepared<DueTurn>(
      tx,
      `select trigger_seq as "triggerSeq", attempts from bot_turns
       where conversation_id = $1 and state = 'due' order by trigger_seq for update`,
      [conversationId],
    );
  }

  async trigger(tx: Tx, conversationId: string, seq: number): Promise<Trigger | null> {
    const [row] = await prepared<Trigger>(
      tx,
      `select seq, type, raw_type as "rawType", body, content, event_at as "eventAt" from messages where conversation_id = $1 and seq = $2`,
      [conversationId, seq],
    );
    return row ?? null;
  }

  async hasLaterMessage(tx: Tx, conversationId: string, seq: number): Promise<boolean> {
    const rows = await prepared(
      tx,
      `select 1 as found from messages
       where conversation_id = $1 and seq > $2 and sender_type = 'contact' and type <> 'system' limit 1`,
      [conversationId, seq],
    );
    return rows.length > 0;
  }

  /** Whether the customer was told in this case already that the team will respond. */
  async hasFallenBack(tx: Tx, conversationId: string, caseId: string | null): Promise<boolean> {
    const rows = await prepared(
      tx,
      `select 1 as found from bot_turns t
       join messages m on m.conversation_id = t.conversation_id and m.id = t.message_id
       where t.conversation_id = $1 and t.reason = 'fallback' and m.case_id is not distinct from $2 limit 1`,
      [conversationId, caseId],
    );
    return rows.length > 0;
  }

  /** How often the bot has answered this customer lately. */
  async recentAnswers(tx: Tx, conversationId: string): Promise<number> {
    const [row] = await prepared<{ count: number }>(
      tx,
      `select count(*) from bot_turns t join messages m on m.conversation_id = t.conversation_id and m.id = t.message_id
       where t.conversation_id = $1 and t.state = 'answered' and m.created_at > app_now() - interval '10 minutes'`,
      [conversationId],
    );
    return row?.count ?? 0;
  }

  async end(tx: Tx, conversationId: string, seqs: readonly number[], end: TurnEnd): Promise<void> {
    if (seqs.length === 0) return;
    await prepared(
      tx,
      `update bot_turns set state = $3, reason = $4, rule_id = $5, message_id = $6
       where conversation_id = $1 and trigger_seq = any($2::bigint[]) and state = 'due'`,
      [conversationId, seqs, end.state, end.reason, end.ruleId ?? null, end.messageId ?? null],
    );
  }

  /** After an error: later, a little later each time. */
  async postpone(tx: Tx, conversationId: string): Promise<void> {
    await prepared(
      tx,
      `update bot_turns
       set attempts = attempts + 1, due_at = app_now() + interval '1 second' * least(60, power(2, attempts))
       where conversation_id = $1 and state = 'due'`,
      [conversationId],
    );
  }
}

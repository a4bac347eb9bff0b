import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';
import type { ConversationView, MessageView, ReadState, TimelineView } from './conversations.mapper.js';

const AGENT = 'agent';
const CONTACT = 'contact';

/** `SenderColumns` as JSON; the aliases must be joined by `senderJoins`. */
const senderJson = (type: string, id: string, agent: string, contact: string) => `
  json_build_object('type', ${type}, 'id', ${id}, 'agentName', ${agent}.name, 'contactName', ${contact}.name,
    'contactUsername', ${contact}.username, 'contactPhone', ${contact}.phone)`;

const senderJoins = (type: string, id: string, agent: string, contact: string) => `
  left join agents ${agent} on ${type} = '${AGENT}' and ${agent}.id = ${id}
  left join contacts ${contact} on ${type} = '${CONTACT}' and ${contact}.id = ${id}`;

/** Select list of a `ConversationView`, over `c` and `CONVERSATION_VIEW_JOINS`. */
export const CONVERSATION_VIEW_COLUMNS = `
  c.id, c.version, c.rev, c.kind, c.status, c.assignee_id as "assigneeId", owner.name as "assigneeName",
  c.team_id as "teamId", team.name as "teamName", c.contact_id as "contactId", person.name as "contactName",
  person.username as "contactUsername", person.phone as "contactPhone", c.channel_id as "channelId",
  channel.name as "channelName", c.last_seq as "lastSeq", c.inbound_count as "inboundCount",
  c.window_expires_at as "windowExpiresAt", c.waiting_since as "waitingSince", c.snoozed_until as "snoozedUntil",
  c.last_activity_at as "lastActivityAt", c.tags, c.priority, c.created_at as "createdAt",
  case when last.id is not null then json_build_object('id', last.id, 'seq', last.seq, 'direction', last.direction,
    'type', last.type, 'body', left(last.body, 1000), 'status', last.status, 'eventAt', last.event_at,
    'sender', ${senderJson('last.sender_type', 'last.sender_id', 'last_agent', 'last_contact')}) end as "last"`;

/** Joins of a `ConversationView`; the conversations must be aliased `c`. */
export const CONVERSATION_VIEW_JOINS = `
  join channels channel on channel.id = c.channel_id
  left join contacts person on person.id = c.contact_id
  left join agents owner on owner.id = c.assignee_id
  left join teams team on team.id = c.team_id
  left join messages last on last.conversation_id = c.id and last.id = c.last_message_id
  ${senderJoins('last.sender_type', 'last.sender_id', 'last_agent', 'last_contact')}`;

/** Select list of a `ReadState`, over `c` and `readStateJoin`. */
export const READ_STATE_COLUMNS = `
  greatest(0, c.inbound_count - coalesce(seen.inbound_number, c.case_inbound_base)) as "unreadCount",
  coalesce(seen.seq, 0) as "readSeq"`;

/** Joins the asking agent's read cursor as `seen`. */
export const readStateJoin = (agent: string) =>
  `left join read_cursors seen on seen.conversation_id = c.id and seen.agent_id = ${agent}`;

/**
 * Select of `MessageView`s. `source` yields rows of `messages`; `order` is applied last.
 *
 * A quote that was stored by wamid alone is looked up by its key: its original may have come after the reply.
 */
export const messageViews = (source: string, order = ''): string => `
  select m.id, m.conversation_id as "conversationId", m.seq, m.rev, m.direction,
    ${senderJson('m.sender_type', 'm.sender_id', 'm_agent', 'm_contact')} as "sender",
    m.type, m.content, m.raw_type as "rawType", m.forwarded, reaction.list as "reactions", m.status, m.error,
    m.reply_to_id as "replyToId", m.reply_to_wamid as "replyToWamid",
    case when quote.id is not null then json_build_object('id', quote.id, 'wamid', quote.wamid, 'type', quote.type,
      'body', left(quote.body, 1000),
      'sender', ${senderJson('quote.sender_type', 'quote.sender_id', 'quote_agent', 'quote_contact')}) end as "quote",
    m.wamid, m.client_message_id as "clientMessageId", m.event_at as "eventAt", m.event_second as "eventSecond",
    m.sent_at as "sentAt", m.delivered_at as "deliveredAt", m.read_at as "readAt", m.played_at as "playedAt",
    m.unknown_at as "unknownAt"
  from (${source}) m
  ${senderJoins('m.sender_type', 'm.sender_id', 'm_agent', 'm_contact')}
  left join message_keys quote_key on m.reply_to_id is null and quote_key.channel_id = m.channel_id
    and quote_key.wamid = m.reply_to_wamid and quote_key.conversation_id = m.conversation_id
  left join messages quote on quote.conversation_id = m.conversation_id
    and quote.id = coalesce(m.reply_to_id, quote_key.message_id)
  ${senderJoins('quote.sender_type', 'quote.sender_id', 'quote_agent', 'quote_contact')}
  left join lateral (
    select json_agg(json_build_object('emoji', r.emoji, 'at', r.event_at, 'sender',
      ${senderJson('r.actor_type', 'r.actor_id', 'r_agent', 'r_contact')}) order by r.event_at, r.actor_id) as list
    from message_reactions r
    ${senderJoins('r.actor_type', 'r.actor_id', 'r_agent', 'r_contact')}
    where r.conversation_id = m.conversation_id and r.message_id = m.id and r.emoji is not null
  ) reaction on true
  ${order}`;

/** Select of `TimelineView`s; a target is the agent, or the team when it was given to no one in particular. */
export const timelineViews = (source: string, order = ''): string => `
  select t.id, t.conversation_id as "conversationId", t.after_seq as "afterSeq", t.kind,
    ${senderJson('t.actor_type', 't.actor_id', 't_agent', 't_contact')} as "actor",
    t.target_id as "targetId", coalesce(target_agent.name, target_team.name) as "targetName", t.until,
    t.created_at as "createdAt"
  from (${source}) t
  ${senderJoins('t.actor_type', 't.actor_id', 't_agent', 't_contact')}
  left join agents target_agent on target_agent.id = t.target_id
  left join teams target_team on target_team.id = t.target_id
  ${order}`;

/** A row of `messages` or `timeline_entries` by its whole key. */
export interface EntryRef {
  conversationId: string;
  id: string;
}

const entriesByRef = (table: 'messages' | 'timeline_entries') => `
  select entry.* from unnest($1::uuid[], $2::uuid[]) as ref (conversation_id, id)
  join ${table} entry on entry.conversation_id = ref.conversation_id and entry.id = ref.id`;

/** Rows with all that a screen shows of them, by their ids: one statement for each kind, however many are asked for. */
@Injectable()
export class HydrationRepository {
  async conversations(tx: Tx, ids: readonly string[]): Promise<ConversationView[]> {
    if (ids.length === 0) return [];
    return query<ConversationView>(
      tx,
      `select ${CONVERSATION_VIEW_COLUMNS} from conversations c ${CONVERSATION_VIEW_JOINS} where c.id = any($1::uuid[])`,
      [ids],
    );
  }

  /** One conversation, following a merge, with what the asking agent has read of it. */
  async conversationFor(tx: Tx, agentId: string, id: string): Promise<(ConversationView & ReadState) | null> {
    const [view] = await query<ConversationView & ReadState>(
      tx,
      `select ${CONVERSATION_VIEW_COLUMNS}, ${READ_STATE_COLUMNS}
       from conversations c ${CONVERSATION_VIEW_JOINS} ${readStateJoin('$1')}
       where c.id = (select coalesce(merged_into_id, id) from conversations where id = $2)`,
      [agentId, id],
    );
    return view ?? null;
  }

  async messages(tx: Tx, refs: readonly EntryRef[]): Promise<MessageView[]> {
    if (refs.length === 0) return [];
    return query<MessageView>(tx, messageViews(entriesByRef('messages')), columnsOf(refs));
  }

  async timeline(tx: Tx, refs: readonly EntryRef[]): Promise<TimelineView[]> {
    if (refs.length === 0) return [];
    return query<TimelineView>(tx, timelineViews(entriesByRef('timeline_entries')), columnsOf(refs));
  }
}

const columnsOf = (refs: readonly EntryRef[]): [string[], string[]] => [
  refs.map((ref) => ref.conversationId),
  refs.map((ref) => ref.id),
];

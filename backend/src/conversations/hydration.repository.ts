import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../database/database.js';
import type { ConversationView, MessageView, ReadState, TimelineView } from './conversation-views.js';
import { onlyBsuidOf } from './contact-ids.sql.js';

/**
 * Names are looked up by subqueries, not joined: each is one probe of a primary key, and the planner, which a dozen joins
 * cost several milliseconds at every request, has two or three tables to put in order.
 */
const nameOf = (table: 'agents' | 'teams' | 'channels', id: string): string =>
  `(select named.name from ${table} named where named.id = ${id})`;

/** `SenderColumns` as JSON, of whoever `type` and `id` name; the columns must carry the alias of their table. */
const senderJson = (type: string, id: string): string => `
  coalesce(
    case ${type}
      when 'agent' then (select json_build_object('type', 'agent', 'id', sender.id, 'agentName', sender.name)
        from agents sender where sender.id = ${id})
      when 'contact' then (select json_build_object('type', 'contact', 'id', sender.id, 'contactName', sender.name,
        'contactUsername', sender.username, 'contactPhone', sender.phone, 'contactBsuid', ${onlyBsuidOf('sender')})
        from contacts sender where sender.id = ${id})
    end,
    json_build_object('type', ${type}, 'id', ${id}))`;

/** Select list of a `ConversationView`, over `c` and `CONVERSATION_VIEW_JOINS`. */
export const CONVERSATION_VIEW_COLUMNS = `
  c.id, c.version, c.rev, c.kind, c.status, c.assignee_id as "assigneeId",
  ${nameOf('agents', 'c.assignee_id')} as "assigneeName", c.team_id as "teamId",
  ${nameOf('teams', 'c.team_id')} as "teamName", c.contact_id as "contactId", person.name as "contactName",
  person.username as "contactUsername", person.phone as "contactPhone", ${onlyBsuidOf('person')} as "contactBsuid",
  c.channel_id as "channelId",
  ${nameOf('channels', 'c.channel_id')} as "channelName",
  (select named.colour from channels named where named.id = c.channel_id) as "channelColour", c.last_seq as "lastSeq", c.inbound_count as "inboundCount",
  c.window_expires_at as "windowExpiresAt", c.waiting_since as "waitingSince", c.snoozed_until as "snoozedUntil",
  c.blocked_at as "blockedAt",
  c.last_activity_at as "lastActivityAt", c.tags, c.priority, c.created_at as "createdAt",
  (select json_build_object('id', last.id, 'seq', last.seq, 'direction', last.direction, 'type', last.type,
      'body', left(last.body, 1000), 'status', last.status, 'eventAt', last.event_at, 'revokedAt', last.revoked_at,
      'callPermission', case when last.type = 'interactive' then last.content -> 'callPermission' end,
      'sender', ${senderJson('last.sender_type', 'last.sender_id')})
    from messages last where last.conversation_id = c.id and last.id = c.last_message_id) as "last",
  (select line.call from timeline_entries line
    where line.conversation_id = c.id and line.id = c.last_call_id and line.after_seq >= c.last_seq) as "lastCall"`;

/** Joins of a `ConversationView`; the conversations must be aliased `c`. */
export const CONVERSATION_VIEW_JOINS = `left join contacts person on person.id = c.contact_id`;

/** Select list of a `ReadState`, over `c` and `readStateJoin`. */
export const READ_STATE_COLUMNS = `
  greatest(0, c.inbound_count - coalesce(seen.inbound_number, c.case_inbound_base)) as "unreadCount",
  coalesce(seen.seq, 0) as "readSeq", coalesce(seen.rewinds, 0) as "readRewinds"`;

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
    ${senderJson('m.sender_type', 'm.sender_id')} as "sender", m.type, m.content, m.raw_type as "rawType", m.forwarded, m.origin,
    (select json_agg(json_build_object('emoji', r.emoji, 'at', r.event_at,
        'sender', ${senderJson('r.actor_type', 'r.actor_id')}) order by r.event_at, r.actor_id)
      from message_reactions r
      where r.conversation_id = m.conversation_id and r.message_id = m.id and r.emoji is not null
        and (r.carrier_id is null or not exists (
          select from messages carrier where carrier.conversation_id = r.conversation_id and carrier.id = r.carrier_id
            and carrier.status = 'failed'))) as "reactions",
    m.status, m.error, m.reply_to_id as "replyToId", m.reply_to_wamid as "replyToWamid",
    (select json_build_object('id', quote.id, 'wamid', quote.wamid, 'type', quote.type, 'body', left(quote.body, 1000),
        'callPermission', case when quote.type = 'interactive' and quote.revoked_at is null
          then quote.content -> 'callPermission' end,
        'sender', ${senderJson('quote.sender_type', 'quote.sender_id')})
      from messages quote
      where quote.conversation_id = m.conversation_id and quote.id = coalesce(m.reply_to_id,
        (select k.message_id from message_keys k where k.channel_id = m.channel_id and k.wamid = m.reply_to_wamid
          and k.conversation_id = m.conversation_id))) as "quote",
    m.wamid, m.client_message_id as "clientMessageId", m.event_at as "eventAt", m.event_second as "eventSecond",
    m.sent_at as "sentAt", m.delivered_at as "deliveredAt", m.read_at as "readAt", m.played_at as "playedAt",
    m.failed_at as "failedAt", m.unknown_at as "unknownAt", m.settled_as is not distinct from 'resent' as "isResent", m.edited_at as "editedAt", m.revoked_at as "revokedAt",
    case when m.error is not null then (
      select person.marketing_stopped from conversations place join contacts person on person.id = place.contact_id
      where place.id = m.conversation_id) end as "isMarketingStopped",
    case when m.status = 'queued' and m.attempts = 0 then m.held_until end as "undoableUntil",
    m.campaign,
    (select json_build_object('id', file.id, 'state', file.state, 'failure', file.failure, 'mimeType', file.mime_type,
        'size', file.size_bytes, 'width', file.width, 'height', file.height, 'durationMs', file.duration_ms,
        'waveform', file.waveform)
      from media_files file where file.id = m.media_id) as "file",
    case when m.direction = 'inbound' and m.card_file_ids is not null then (
      select json_build_object('id', file.id, 'state', file.state, 'width', file.width, 'height', file.height)
      from media_files file
      where file.id = m.card_file_ids[1]
        and (file.state = 'ready' or (file.state = 'waiting' and file.failure is null))) end as "adPicture"
  from (${source}) m
  ${order}`;

/** Select of `TimelineView`s; a target is the agent, or the team when it was given to no one in particular. */
export const timelineViews = (source: string, order = ''): string => `
  select t.id, t.conversation_id as "conversationId", t.after_seq as "afterSeq", t.kind,
    ${senderJson('t.actor_type', 't.actor_id')} as "actor", t.target_id as "targetId",
    coalesce(${nameOf('agents', 't.target_id')}, ${nameOf('teams', 't.target_id')}) as "targetName", t.until,
    t.call, t.rev, t.created_at as "createdAt"
  from (${source}) t
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
  /** Those that were merged are left out: a late event about one must not bring it back to a screen. */
  async conversations(tx: Tx, ids: readonly string[]): Promise<ConversationView[]> {
    if (ids.length === 0) return [];
    return prepared<ConversationView>(
      tx,
      `select ${CONVERSATION_VIEW_COLUMNS} from conversations c ${CONVERSATION_VIEW_JOINS} where c.id = any($1::uuid[])
         and c.merged_into_id is null`,
      [ids],
    );
  }

  /** One conversation, following a merge, with what the asking agent has read of it. */
  async conversationFor(tx: Tx, agentId: string, id: string): Promise<(ConversationView & ReadState) | null> {
    const [view] = await prepared<ConversationView & ReadState>(
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
    return prepared<MessageView>(tx, messageViews(entriesByRef('messages')), columnsOf(refs));
  }

  async timeline(tx: Tx, refs: readonly EntryRef[]): Promise<TimelineView[]> {
    if (refs.length === 0) return [];
    return prepared<TimelineView>(tx, timelineViews(entriesByRef('timeline_entries')), columnsOf(refs));
  }
}

const columnsOf = (refs: readonly EntryRef[]): [string[], string[]] => [
  refs.map((ref) => ref.conversationId),
  refs.map((ref) => ref.id),
];

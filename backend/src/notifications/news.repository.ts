import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../database/database.js';
import type { NewNotification } from './notification-rows.js';
import { IS_VISIBLE, isToldOf } from './told-agents.js';

/** A row that belongs to a conversation: a message, or a line of its timeline. */
export interface EntryRef {
  conversationId: string;
  entryId: string;
}

export interface MentionRef {
  agentId: string;
  conversationId: string;
  noteId: string;
  authorId: string;
  at: Date;
}

type Found = Pick<NewNotification, 'agentId' | 'conversationId' | 'at'> &
  Partial<Pick<NewNotification, 'count' | 'messageId' | 'actorId' | 'until'>>;

/** Lines after which a thread may wait for somebody to take it. */
const ENTRANCES = ['opened', 'reopened', 'released', 'woken', 'bot_handed_over'];
/** Nobody reads a list of all that waits: the queue itself is one. It also bounds what a flood can write. */
const QUEUE_MAX = 50;
const WINDOWS_MAX = 500;

const named = (alias: string): string => `unnest($1::uuid[], $2::uuid[]) as ${alias} (conversation_id, entry_id)`;
const columnsOf = (refs: readonly EntryRef[]): [string[], string[]] => [
  refs.map((ref) => ref.conversationId),
  refs.map((ref) => ref.entryId),
];

/** Who is to be told of what has happened: one statement for each kind, however much it is. */
@Injectable()
export class NewsRepository {
  /** Customers' messages for the thread's owner, unless they have read them already. */
  async messages(tx: Tx, refs: readonly EntryRef[]): Promise<NewNotification[]> {
    if (refs.length === 0) return [];
    const found = await prepared<Found>(
      tx,
      `select a.id as "agentId", c.id as "conversationId", count(*) as count,
         (array_agg(m.id order by m.seq desc))[1] as "messageId", max(m.created_at) as at
       from ${named('named')}
       join conversations told on told.id = named.conversation_id
       join conversations c on c.id = coalesce(told.merged_into_id, told.id)
       join messages m on m.conversation_id = c.id and m.id = named.entry_id
       join agents a on a.id = c.assignee_id
       left join read_cursors seen on seen.conversation_id = c.id and seen.agent_id = a.id
       where m.direction = 'inbound' and m.sender_type = 'contact' and m.type not in ('system', 'reaction')
         and m.origin is null
         and m.seq > coalesce(seen.seq, 0) and ${isToldOf('message')}
       group by a.id, c.id`,
      columnsOf(refs),
    );
    return found.map((news) => complete('message', news));
  }

  /** Replies that were not delivered, for whoever wrote them; not those that they took back themselves. */
  async failures(tx: Tx, refs: readonly EntryRef[]): Promise<NewNotification[]> {
    if (refs.length === 0) return [];
    const found = await prepared<Found>(
      tx,
      `select a.id as "agentId", c.id as "conversationId", count(*) as count,
         (array_agg(m.id order by m.seq desc))[1] as "messageId", max(coalesce(m.failed_at, m.created_at)) as at
       from ${named('named')}
       join messages m on m.conversation_id = named.conversation_id and m.id = named.entry_id
       join conversations c on c.id = m.conversation_id
       join agents a on a.id = m.sender_id
       where m.status = 'failed' and m.sender_type = 'agent' and coalesce(m.error ->> 'code', '') <> 'undone'
         and c.merged_into_id is null and ${IS_VISIBLE} and ${isToldOf('failed')}
         and not exists (select from notifications n where n.conversation_id = c.id and n.agent_id = a.id
           and n.kind = 'failed' and n.message_id = m.id)
       group by a.id, c.id`,
      columnsOf(refs),
    );
    return found.map((news) => complete('failed', news));
  }

  /** Threads that somebody else gave to an agent who still has them. */
  async assignments(tx: Tx, refs: readonly EntryRef[]): Promise<NewNotification[]> {
    if (refs.length === 0) return [];
    const found = await prepared<Found>(
      tx,
      `select distinct on (c.id) a.id as "agentId", c.id as "conversationId", t.created_at as at,
         case t.actor_type when 'agent' then t.actor_id end as "actorId"
       from ${named('named')}
       join timeline_entries t on t.conversation_id = named.conversation_id and t.id = named.entry_id
       join conversations c on c.id = t.conversation_id
       join agents a on a.id = t.target_id
       where t.kind = 'assigned' and c.assignee_id = t.target_id and c.status <> 'resolved'
         and c.merged_into_id is null and t.actor_id is distinct from t.target_id and ${isToldOf('assigned')}
       order by c.id, t.created_at desc`,
      columnsOf(refs),
    );
    return found.map((news) => complete('assigned', news));
  }

  /** Mentions for those who may still see the thread. */
  async mentions(tx: Tx, refs: readonly MentionRef[]): Promise<NewNotification[]> {
    if (refs.length === 0) return [];
    const found = await prepared<Found>(
      tx,
      `select a.id as "agentId", c.id as "conversationId", count(*) as count, max(named.at) as at,
         (array_agg(named.note_id order by named.at desc))[1] as "messageId",
         (array_agg(named.author_id order by named.at desc))[1] as "actorId"
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
         as named (agent_id, conversation_id, note_id, author_id, at)
       join agents a on a.id = named.agent_id
       join conversations c on c.id = named.conversation_id
       where c.merged_into_id is null and named.author_id <> a.id and ${IS_VISIBLE} and ${isToldOf('mention')}
       group by a.id, c.id`,
      [
        refs.map((ref) => ref.agentId),
        refs.map((ref) => ref.conversationId),
        refs.map((ref) => ref.noteId),
        refs.map((ref) => ref.authorId),
        refs.map((ref) => ref.at),
      ],
    );
    return found.map((news) => complete('mention', news));
  }

  /** Threads that wait since, for everybody in their team but who put them there, up to so many for each agent. */
  async entrances(tx: Tx, refs: readonly EntryRef[]): Promise<NewNotification[]> {
    if (refs.length === 0) return [];
    const found = await prepared<Found>(
      tx,
      `with entered as (
         select distinct on (c.id) c.id, c.team_id, t.created_at as at,
           case t.actor_type when 'agent' then t.actor_id end as actor_id
         from ${named('named')}
         join timeline_entries t on t.conversation_id = named.conversation_id and t.id = named.entry_id
         join conversations c on c.id = t.conversation_id
         where t.kind = any($3::text[]) and c.status = 'open' and c.assignee_id is null and c.merged_into_id is null
         order by c.id, t.created_at desc
       ),
       told as (
         select a.id, $4 - (select count(*) from notifications n
           where n.agent_id = a.id and n.kind = 'queue' and n.read_at is null) as places
         from agents a
         where exists (select from entered) and ${isToldOf('queue')}
       )
       select "agentId", "conversationId", at, "actorId"
       from (
         select told.id as "agentId", e.id as "conversationId", e.at, e.actor_id as "actorId", told.places,
           row_number() over (partition by told.id order by e.at desc, e.id) as place
         from told
         join entered e on e.actor_id is distinct from told.id and (e.team_id is null
           or exists (select from team_members tm where tm.team_id = e.team_id and tm.agent_id = told.id))
         where told.places > 0
       ) ranked
       where place <= places`,
      [...columnsOf(refs), ENTRANCES, QUEUE_MAX],
    );
    return found.map((news) => complete('queue', news));
  }

  /** Owned threads whose window closes within the hour, once for each window. */
  async closingWindows(tx: Tx): Promise<NewNotification[]> {
    const found = await prepared<Found>(
      tx,
      `select a.id as "agentId", c.id as "conversationId", app_now() as at,
         date_trunc('milliseconds', c.window_expires_at) as until
       from conversations c join agents a on a.id = c.assignee_id
       where c.merged_into_id is null and c.status = 'open'
         and c.window_expires_at > app_now() and c.window_expires_at <= app_now() + interval '1 hour'
         and ${isToldOf('window')}
         and not exists (select from notifications n where n.conversation_id = c.id and n.agent_id = a.id
           and n.kind = 'window' and n.until = date_trunc('milliseconds', c.window_expires_at))
       order by c.window_expires_at limit $1`,
      [WINDOWS_MAX],
    );
    return found.map((news) => complete('window', news));
  }
}

const complete = (kind: NewNotification['kind'], news: Found): NewNotification => ({
  count: 1,
  messageId: null,
  actorId: null,
  until: null,
  ...news,
  kind,
});

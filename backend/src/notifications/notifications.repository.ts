import { Injectable } from '@nestjs/common';
import { seesEverything } from '../common/access/authenticated-agent.js';
import { newId } from '../common/ids.js';
import type { Viewer } from '../conversations/conversation-access.js';
import { prepared, query, type Tx } from '../database/database.js';
import type { NotificationPlace } from './notification-cursor.js';
import type { NewNotification, NotificationRow } from './notification-rows.js';
import { IS_VISIBLE } from './told-agents.js';

/** Which of an agent's own are read now. */
export interface ReadChoice {
  id?: string;
  conversationId?: string;
  upTo?: Date;
}

const KEPT_DAYS = 30;
/** Most that one agent keeps. */
const KEPT_MAX = 500;
const SHOWN_CHARS = 160;

/** The statements of `notifications`. */
@Injectable()
export class NotificationsRepository {
  /** One more for each; what is unread already of the same agent, kind and thread moves up instead. */
  async add(tx: Tx, news: readonly NewNotification[]): Promise<void> {
    if (news.length === 0) return;
    const sorted = [...news].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
    await prepared(
      tx,
      `insert into notifications as n (agent_id, id, kind, conversation_id, count, message_id, actor_id, until, at)
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[],
                            $8::timestamptz[], $9::timestamptz[])
       on conflict (agent_id, kind, conversation_id) where read_at is null do update
         set count = case when n.kind in ('message', 'mention', 'failed') then n.count + excluded.count else 1 end,
             message_id = excluded.message_id, actor_id = excluded.actor_id, until = excluded.until,
             at = greatest(n.at, excluded.at)`,
      [
        sorted.map((one) => one.agentId),
        sorted.map(() => newId()),
        sorted.map((one) => one.kind),
        sorted.map((one) => one.conversationId),
        sorted.map((one) => one.count),
        sorted.map((one) => one.messageId),
        sorted.map((one) => one.actorId),
        sorted.map((one) => one.until),
        sorted.map((one) => one.at),
      ],
    );
  }

  /** Threads of merged people: what is unread goes along, unless the survivor has the same. */
  async follow(tx: Tx, mergedIds: readonly string[]): Promise<void> {
    if (mergedIds.length === 0) return;
    await prepared(
      tx,
      `update notifications n set conversation_id = c.merged_into_id
       from conversations c
       where n.conversation_id = any($1::uuid[]) and n.read_at is null and c.id = n.conversation_id
         and c.merged_into_id is not null
         and not exists (select from notifications kept where kept.agent_id = n.agent_id and kept.kind = n.kind
           and kept.conversation_id = c.merged_into_id and kept.read_at is null)`,
      [mergedIds],
    );
  }

  /**
   * Looks again at what was told about these threads or to these agents: what no longer waits or is out of sight goes,
   * what has passed to somebody else or was settled counts as read. Returns whose notifications changed.
   */
  async settle(tx: Tx, conversationIds: readonly string[], agentIds: readonly string[]): Promise<string[]> {
    if (conversationIds.length + agentIds.length === 0) return [];
    const rows = await prepared<{ agentId: string }>(
      tx,
      `with judged as (
         select n.agent_id, n.id, case
             when c.merged_into_id is not null or not ${IS_VISIBLE} then 'gone'
             when n.kind = 'queue' then case when c.status <> 'open' or c.assignee_id is not null then 'gone' end
             when n.kind in ('mention', 'failed') then null
             when c.assignee_id is distinct from n.agent_id or c.status = 'resolved' then 'past'
             when n.kind = 'window' and (c.status <> 'open' or c.window_expires_at > n.until + interval '1 second')
               then 'past'
           end as fate
         from notifications n
         join conversations c on c.id = n.conversation_id
         join agents a on a.id = n.agent_id
         where (n.read_at is null or n.kind = 'queue')
           and (n.conversation_id = any($1::uuid[]) or n.agent_id = any($2::uuid[]))
         order by n.agent_id, n.kind, n.conversation_id
         for update of n
       ),
       gone as (
         delete from notifications n using judged j
         where j.fate = 'gone' and n.agent_id = j.agent_id and n.id = j.id
       ),
       past as (
         update notifications n set read_at = app_now() from judged j
         where j.fate = 'past' and n.agent_id = j.agent_id and n.id = j.id
       )
       select distinct agent_id as "agentId" from judged where fate is not null`,
      [conversationIds, agentIds],
    );
    return rows.map(({ agentId }) => agentId);
  }

  /** An agent has read a thread so far: what it told them is read, but for messages that came since. */
  async readWithThread(tx: Tx, reads: readonly { agentId: string; conversationId: string }[]): Promise<string[]> {
    if (reads.length === 0) return [];
    const rows = await prepared<{ agentId: string }>(
      tx,
      `update notifications n set read_at = app_now()
       from (select distinct agent_id, conversation_id from unnest($1::uuid[], $2::uuid[]) as read
               (agent_id, conversation_id)) as read
       where n.agent_id = read.agent_id and n.conversation_id = read.conversation_id and n.read_at is null
         and (n.kind <> 'message' or not exists (
           select from messages m join read_cursors seen
             on seen.conversation_id = m.conversation_id and seen.agent_id = n.agent_id
           where m.conversation_id = n.conversation_id and m.id = n.message_id and m.seq > seen.seq))
       returning n.agent_id as "agentId"`,
      [reads.map((read) => read.agentId), reads.map((read) => read.conversationId)],
    );
    return rows.map(({ agentId }) => agentId);
  }

  /** The agent's own, as they say; true when any was unread. */
  async markRead(tx: Tx, agentId: string, { id, conversationId, upTo }: ReadChoice): Promise<boolean> {
    const rows = await query(
      tx,
      `update notifications n set read_at = app_now()
       where n.agent_id = $1 and n.read_at is null
         and ($2::uuid is null or n.id = $2)
         and ($3::uuid is null or n.conversation_id in (select coalesce(merged_into_id, id) from conversations where id = $3))
         and ($4::timestamptz is null or n.at <= $4)
       returning n.id`,
      [agentId, id ?? null, conversationId ?? null, upTo ?? null],
    );
    return rows.length > 0;
  }

  async unreadCount(tx: Tx, agentId: string): Promise<number> {
    const [row] = await prepared<{ count: number }>(
      tx,
      'select count(*) from notifications where agent_id = $1 and read_at is null',
      [agentId],
    );
    return row?.count ?? 0;
  }

  /** Newest first, of threads that the agent may see; one more than `limit` when there is another page. */
  async list(tx: Tx, viewer: Viewer, after: NotificationPlace | null, limit: number): Promise<NotificationRow[]> {
    return prepared<NotificationRow>(
      tx,
      `select n.id, n.kind, c.id as "conversationId", n.count, n.message_id as "messageId", n.actor_id as "actorId",
         (select actor.name from agents actor where actor.id = n.actor_id) as "actorName",
         m.type as "messageType", left(m.body, ${SHOWN_CHARS}) as "messageText",
         case when m.type = 'interactive' and m.revoked_at is null then m.content -> 'callPermission' end as "callPermission",
         n.until, n.at, n.read_at as "readAt"
       from notifications n
       join conversations told on told.id = n.conversation_id
       join conversations c on c.id = coalesce(told.merged_into_id, told.id)
       left join messages m on m.conversation_id = c.id and m.id = n.message_id and n.kind in ('message', 'failed')
       where n.agent_id = $1 and ($2::timestamptz is null or (n.at, n.id) < ($2, $3::uuid))
         and ($4 or c.assignee_id = $1 or c.team_id is null or c.team_id = any($5::uuid[]))
       order by n.at desc, n.id desc limit $6`,
      [viewer.id, after?.at ?? null, after?.id ?? null, seesEverything(viewer), viewer.teamIds, limit + 1],
    );
  }

  /** Deletes what is old, and the oldest of whoever has too many; returns how many went. */
  async forget(tx: Tx): Promise<number> {
    const rows = await query(
      tx,
      `delete from notifications n using (
         select a.id as agent_id, old.id
         from agents a
         cross join lateral (
           select kept.id, kept.at, row_number() over (order by kept.at desc, kept.id desc) as place
           from notifications kept where kept.agent_id = a.id
         ) old
         where old.place > $1 or old.at < app_now() - make_interval(days => $2)
       ) gone
       where n.agent_id = gone.agent_id and n.id = gone.id
       returning n.id`,
      [KEPT_MAX, KEPT_DAYS],
    );
    return rows.length;
  }
}

const keyOf = ({ agentId, kind, conversationId }: NewNotification): string => `${agentId} ${kind} ${conversationId}`;

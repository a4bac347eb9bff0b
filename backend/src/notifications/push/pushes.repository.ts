import { Injectable } from '@nestjs/common';
import type { CallPermission, NotifyEvent } from '@parley/contract';
import { prepared, query, type Tx } from '../../database/database.js';
import type { NewNotification } from '../notification-rows.js';
import { IS_VISIBLE } from '../told-agents.js';

/** A push that is due, with what it is about and where it goes. */
export interface DuePush {
  deviceId: string;
  notificationId: string;
  agentId: string;
  attempts: number;
  endpoint: string;
  p256dh: string;
  auth: string;
  kind: NotifyEvent;
  conversationId: string;
  messageId: string | null;
  count: number;
  actorName: string | null;
  /** The customer's words, where the agent wants them on a locked screen. */
  text: string | null;
  /** With them: what they answered to the question of calls. */
  callPermission: CallPermission | null;
}

/** Whoever is at the console has seen it by then. */
export const HOLD_BACK_SECONDS = 5;
/** More of the same within this time is one push. */
const REST_SECONDS = 30;
const LEASE_SECONDS = 60;
const SHOWN_CHARS = 160;

/** What is to be pushed: PostgreSQL holds all of it, wake-ups may get lost. */
@Injectable()
export class PushesRepository {
  /** One for each browser of those who want this kind pushed and are not left alone just now; how many are to go. */
  async plan(tx: Tx, news: readonly NewNotification[]): Promise<number> {
    if (news.length === 0) return 0;
    const rows = await prepared(
      tx,
      `insert into pushes as p (device_id, notification_id, agent_id, due_at)
       select d.id, n.id, n.agent_id, app_now() + make_interval(secs => $4)
       from unnest($1::uuid[], $2::text[], $3::uuid[]) as news (agent_id, kind, conversation_id)
       join push_devices d on d.agent_id = news.agent_id
       join agent_preferences wanted on wanted.agent_id = news.agent_id
       join notifications n on n.agent_id = news.agent_id and n.kind = news.kind
         and n.conversation_id = news.conversation_id and n.read_at is null
       where wanted.preferences -> 'notify' ->> n.kind = 'push'
         and coalesce((wanted.preferences ->> 'quietUntil')::timestamptz, '-infinity') <= app_now()
       order by d.id, n.id
       on conflict (device_id, notification_id) do update
         set due_at = coalesce(p.due_at, greatest(excluded.due_at, p.sent_at + make_interval(secs => $5))),
             attempts = case when p.due_at is null then 0 else p.attempts end
       returning 1 as planned`,
      [
        news.map(({ agentId }) => agentId),
        news.map(({ kind }) => kind),
        news.map(({ conversationId }) => conversationId),
        HOLD_BACK_SECONDS,
        REST_SECONDS,
      ],
    );
    return rows.length;
  }

  /**
   * Leases what is due. What was read since, is out of sight, not wanted any more, or of somebody who signed out or wants
   * quiet is dropped on the way.
   */
  async lease(tx: Tx, limit: number): Promise<DuePush[]> {
    return query<DuePush>(
      tx,
      `with due as (
         select device_id, notification_id, agent_id from pushes
         where due_at <= app_now() order by due_at limit $1 for update skip locked
       ),
       wanted as (
         select due.device_id, due.notification_id, due.agent_id, d.endpoint, d.p256dh, d.auth, n.kind,
           n.conversation_id, n.message_id, n.count,
           (select actor.name from agents actor where actor.id = n.actor_id) as actor_name,
           left(m.body, ${SHOWN_CHARS}) as words,
           case when m.type = 'interactive' and m.revoked_at is null then m.content -> 'callPermission' end
             as call_permission
         from due
         join push_devices d on d.id = due.device_id and d.agent_id = due.agent_id
         join sessions s on s.id = d.session_id and s.revoked_at is null and s.expires_at > app_now()
         join notifications n on n.agent_id = due.agent_id and n.id = due.notification_id and n.read_at is null
         join conversations c on c.id = n.conversation_id
         join agents a on a.id = due.agent_id and a.active and ${IS_VISIBLE}
         join agent_preferences pref on pref.agent_id = a.id
           and pref.preferences -> 'notify' ->> n.kind = 'push'
           and coalesce((pref.preferences ->> 'quietUntil')::timestamptz, '-infinity') <= app_now()
         left join messages m on (pref.preferences ->> 'pushWords')::boolean and n.kind = 'message'
           and m.conversation_id = n.conversation_id and m.id = n.message_id
       ),
       dropped as (
         delete from pushes p using due
         where p.device_id = due.device_id and p.notification_id = due.notification_id
           and not exists (select from wanted w where w.device_id = p.device_id and w.notification_id = p.notification_id)
       )
       update pushes p set attempts = p.attempts + 1, due_at = app_now() + make_interval(secs => ${LEASE_SECONDS})
       from wanted w where p.device_id = w.device_id and p.notification_id = w.notification_id
       returning p.device_id as "deviceId", p.notification_id as "notificationId", p.agent_id as "agentId", p.attempts,
         w.endpoint, w.p256dh, w.auth, w.kind, w.conversation_id as "conversationId", w.message_id as "messageId",
         w.count, w.actor_name as "actorName", w.words as text,
         w.call_permission as "callPermission"`,
      [limit],
    );
  }

  async markSent(tx: Tx, push: Pick<DuePush, 'deviceId' | 'notificationId'>): Promise<void> {
    await query(
      tx,
      'update pushes set due_at = null, sent_at = app_now() where device_id = $1 and notification_id = $2',
      [push.deviceId, push.notificationId],
    );
  }

  async postpone(tx: Tx, push: Pick<DuePush, 'deviceId' | 'notificationId'>, seconds: number): Promise<void> {
    await query(
      tx,
      `update pushes set due_at = app_now() + make_interval(secs => $3) where device_id = $1 and notification_id = $2`,
      [push.deviceId, push.notificationId, seconds],
    );
  }

  async drop(tx: Tx, push: Pick<DuePush, 'deviceId' | 'notificationId'>): Promise<void> {
    await query(tx, 'delete from pushes where device_id = $1 and notification_id = $2', [
      push.deviceId,
      push.notificationId,
    ]);
  }
}

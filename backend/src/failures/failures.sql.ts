import { MARKETING_STOP_CODES } from '../channels/meta-errors.js';
import { onlyBsuidOf } from '../conversations/contact-ids.sql.js';

/** Why it is there: Meta's code or a word of ours, over `m`. Word for word as in the index `messages_failures`. */
export const CODE = `coalesce(m.error ->> 'code', 'unknown')`;

/** Whether it says that the customer wanted no marketing, over `m`. */
const IS_UNWANTED = `${CODE} in (${MARKETING_STOP_CODES.map((code) => `'${code}'`).join(', ')})`;

/** Whether sending it again can help by now, over `m`: as `canGetThrough` of the conversations says. */
export const CAN_GET_THROUGH = `
  case when ${IS_UNWANTED} then not exists (
         select from conversations place join contacts person on person.id = place.contact_id
         where place.id = m.conversation_id and person.marketing_stopped)
       else coalesce((m.error ->> 'retryable')::boolean, true) end`;

/** When it came onto the desk, over `m`. Word for word as in the index. */
export const AT = 'coalesce(m.failed_at, m.unknown_at, m.event_at)';

/** What failed or is unknown and nobody has settled, over `m`. Word for word the condition of the index. */
export const UNSETTLED = `m.direction = 'outbound' and m.status in ('failed', 'unknown') and m.settled_at is null
  and m.type <> 'reaction' and m.origin is distinct from 'history' and ${CODE} not in ('superseded', 'undone')`;

/**
 * What waits and why: `paused` behind its stopped number; `limited` until the head of its thread may be tried again (the
 * code of its last try, or the pair's pace), or because its number has slowed down. What is merely held back for its
 * sender to think again waits for nobody, nor does what stands behind it.
 */
export const WAITING = `
  select q.conversation_id, q.id, q.channel_id, q.event_at,
    case when ch.sending_state = 'stopped' then 'paused' else 'limited' end as state,
    case when ch.sending_state = 'stopped' then coalesce(ch.sending_code::text, 'disconnected')
         when o.due_at > app_now() then coalesce(head.code, 'pair_pace')
         else 'number_pace' end as code
  from messages q
  join channels ch on ch.id = q.channel_id
  left join outbox o on o.conversation_id = q.conversation_id
  left join lateral (
    select coalesce(try.code::text, try.outcome) as code, first.held_until > app_now() as is_held
    from messages first
    left join send_attempts try on first.attempts > 0 and try.conversation_id = first.conversation_id
      and try.message_id = first.id and try.attempt = first.attempts
    where first.conversation_id = q.conversation_id and first.status in ('queued', 'sending')
      and first.direction = 'outbound'
    order by first.seq limit 1
  ) head on ch.sending_state = 'ok' and o.due_at > app_now()
  where q.status = 'queued' and q.direction = 'outbound' and q.type <> 'reaction'
    and (ch.sending_state = 'stopped'
      or (o.due_at > app_now() and head.is_held is not true)
      or (o.due_at <= app_now() and o.lease_id is null and ch.slowed_at is not null))`;

/** Select list of an `ItemRow`, over `found` and `ITEM_JOINS`. */
export const ITEM_COLUMNS = `
  m.id, m.conversation_id as "conversationId", m.seq, m.type, m.status, left(m.body, 1000) as body, m.error,
  m.event_at as "eventAt", m.failed_at as "failedAt", m.unknown_at as "unknownAt",
  m.revoked_at is not null as "isRevoked", (extract(epoch from found.at) * 1000000)::bigint as "atMicros",
  m.sender_type as "senderType", m.sender_id as "senderId",
  (select sender.name from agents sender where sender.id = m.sender_id) as "senderName",
  c.contact_id as "contactId", person.name as "contactName", person.username as "contactUsername",
  person.phone as "contactPhone", ${onlyBsuidOf('person')} as "contactBsuid", m.channel_id as "channelId", ch.name as "channelName",
  ch.sending_state = 'stopped' as "isStopped", c.blocked_at is not null as "isBlocked",
  coalesce(person.marketing_stopped and (m.content -> 'template' ->> 'category' = 'marketing' or ${IS_UNWANTED}), false)
    as "isUnwanted",
  c.assignee_id as "assigneeId",
  (select owner.name from agents owner where owner.id = c.assignee_id) as "assigneeName", c.last_seq as "lastSeq",
  c.window_expires_at as "windowExpiresAt"`;

export const ITEM_JOINS = `
  join messages m on m.conversation_id = found.conversation_id and m.id = found.id
  join conversations c on c.id = m.conversation_id
  join channels ch on ch.id = m.channel_id
  left join contacts person on person.id = c.contact_id`;

import { newId } from '../../src/common/ids.js';
import type { TestApp } from './test-app.js';
import { rows } from './webhook-rig.js';

export interface GivenThread {
  channelId: string;
  name?: string;
  phone?: string | null;
  windowExpiresAt?: string | null;
}

/** An open thread with one customer. */
export async function givenThread(app: TestApp, given: GivenThread): Promise<string> {
  const [id, contactId] = [newId(), newId()];
  const { channelId, name = 'Maren Okafor', phone = '+12065550142', windowExpiresAt = null } = given;
  await rows(app, 'insert into contacts (id, name, phone) values ($1, $2, $3)', [contactId, name, phone]);
  await rows(
    app,
    `insert into conversations (id, channel_id, contact_id, status, last_activity_at, window_expires_at)
     values ($1, $2, $3, 'open', app_now(), $4)`,
    [id, channelId, contactId, windowExpiresAt],
  );
  return id;
}

/** A message as the sender leaves it once Meta has taken it; `attempts` 0 = somebody else sent it from this number. */
export async function givenSent(
  app: TestApp,
  conversationId: string,
  wamid: string,
  over: { agentId?: string | null; template?: string | null; campaign?: string | null; attempts?: number } = {},
): Promise<string> {
  const id = newId();
  const { agentId = null, template = null, campaign = null, attempts = 1 } = over;
  await rows(
    app,
    `with moved as (update conversations set last_seq = last_seq + 1 where id = $1 returning *), placed as (
       insert into messages (conversation_id, id, channel_id, seq, direction, sender_type, sender_id, type, content,
         wamid, status, attempts, event_at, event_second, inbound_number, campaign)
       select id, $2, channel_id, last_seq, 'outbound', case when $4::uuid is null then 'bot' else 'agent' end, $4,
         case when $5::text is null then 'text' else 'template' end,
         case when $5::text is null then '{}'
           else jsonb_build_object('template', jsonb_build_object('name', $5::text, 'language', 'en_US')) end,
         $3, 'accepted', $6, app_now(), floor(extract(epoch from app_now())), inbound_count, $7
       from moved
     )
     insert into message_keys (channel_id, wamid, conversation_id, message_id) select channel_id, $3, id, $2 from moved`,
    [conversationId, id, wamid, agentId, template, attempts, campaign],
  );
  return id;
}

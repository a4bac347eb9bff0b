import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import type { StatusHead } from './status-head.js';

/** Meta bills what reached the customer; `pricing` may come with `sent` already (Meta: pricing, per message). */
const REACHED = ['delivered', 'read', 'played'] as const;
const TIMES = ['sent', ...REACHED] as const;

/**
 * Messages that are new here, or of which more is known; the others cost a look at the key. What a template is new for is
 * counted, in a group once: `o` is as it was before this statement.
 */
const NOTE = `
  with noted as (
    insert into message_charges as c (channel_id, wamid, participant, conversation_id, message_id, at, type, category,
      billable, model, sender_type, sender_id, template, campaign, number_prefix)
    select t.channel_id, t.wamid, t.participant, k.conversation_id, k.message_id, t.at, t.type, t.category, t.billable,
      t.model, m.sender_type, m.sender_id, m.content -> 'template' ->> 'name', m.campaign,
      case
        when t.participant = '' then coalesce(left(nullif(regexp_replace(p.phone, '[^0-9]', '', 'g'), ''), 7), hidden.prefix)
        when t.participant ~ '^[0-9]+$' then left(t.participant, 7)
        else (select n.prefix from calling_codes n where n.country = split_part(t.participant, '.', 1))
      end
    from (
      select i.channel_id, i.wamid, i.participant, i.at, i.pricing ->> 'type' as type,
        lower(replace(i.pricing ->> 'category', '-', '_')) as category,
        case jsonb_typeof(i.pricing -> 'billable') when 'boolean' then (i.pricing -> 'billable')::boolean end as billable,
        i.pricing ->> 'pricing_model' as model
      from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::jsonb[])
        as i (channel_id, wamid, participant, at, pricing)
    ) t
    left join message_charges known using (channel_id, wamid, participant)
    join message_keys k using (channel_id, wamid)
    join messages m on m.conversation_id = k.conversation_id and m.id = k.message_id and m.direction = 'outbound'
      and m.wamid = t.wamid
    join conversations v on v.id = k.conversation_id
    left join contacts p on p.id = v.contact_id
    -- Who hides their number is named by an id that begins with their country.
    left join lateral (
      select n.prefix from contact_identities i join calling_codes n on n.country = split_part(i.value, '.', 1)
      where i.contact_id = p.id and i.kind = 'bsuid' and i.retired_at is null
      order by i.created_at desc limit 1
    ) hidden on p.phone is null
    where (known.wamid is null or t.at < known.at
        or (t.type, t.category, t.billable, t.model, m.campaign)
          is distinct from (known.type, known.category, known.billable, known.model, known.campaign))
      -- What the phone app sent costs nothing and is never priced; what another program sent is, and then is told.
      and (m.attempts > 0 or t.type is not null or t.category is not null)
    order by t.channel_id, t.wamid, t.participant
    on conflict (channel_id, wamid, participant) do update set
      at = least(c.at, excluded.at), type = excluded.type, category = excluded.category, billable = excluded.billable,
      model = excluded.model, campaign = excluded.campaign
    returning *
  )
  insert into template_sends as s (channel_id, day, name, language, slot, sends)
  select n.channel_id, (n.at at time zone 'UTC')::date, n.template, m.content -> 'template' ->> 'language',
    pg_backend_pid() % 16, count(distinct n.wamid)
  from noted n
  join messages m on m.conversation_id = n.conversation_id and m.id = n.message_id
  where n.template is not null and m.content -> 'template' ->> 'language' is not null
    and not exists (select from message_charges o where o.channel_id = n.channel_id and o.wamid = n.wamid)
  group by 1, 2, 3, 4
  order by 1, 2, 3, 4
  on conflict (channel_id, day, name, language, slot) do update set sends = s.sends + excluded.sends`;

/**
 * What Meta says of the price of each message that reached its customer: one row for each, in a group one for each
 * member, whatever statuses said it, how often and in what order. How often each template was sent is counted with them.
 */
@Injectable()
export class MessageChargesRepository {
  /** Notes what these heads, as they stand now and locked, know of the price: one statement for the whole batch. */
  async note(tx: Tx, heads: readonly StatusHead[]): Promise<void> {
    const reached = heads.filter(({ times }) => REACHED.some((step) => times[step] !== undefined));
    if (reached.length === 0) return;
    await prepared(tx, NOTE, [
      reached.map((head) => head.channelId),
      reached.map((head) => head.wamid),
      reached.map((head) => head.participant),
      reached.map(({ times }) => new Date(Math.min(...TIMES.flatMap((step) => times[step]?.getTime() ?? [])))),
      reached.map(({ pricing }) => (pricing ? JSON.stringify(pricing) : null)),
    ]);
  }
}

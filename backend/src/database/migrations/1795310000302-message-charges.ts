import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What Meta says of the price of each message of ours that reached its customer, kept apart from the statuses: a month
 * is read by its time, over all conversations, without reading a message. What a report groups by is copied, because it
 * never changes; the thread may be merged away, and its row then names the survivor.
 */
export class MessageCharges1795310000302 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table message_charges (
        channel_id uuid not null,
        wamid text not null,
        -- As in message_statuses: '' = the message as a whole, else one member of a group.
        participant text not null default '',
        conversation_id uuid not null,
        message_id uuid not null,
        -- The earliest time that Meta gave with a status: the month and the rate go by it.
        at timestamptz not null,
        -- Meta's words; null = it has not said. Categories with _ for -, in small letters.
        type text,
        category text,
        billable boolean,
        model text,
        sender_type text not null,
        sender_id uuid,
        template text,
        -- First digits of the recipient's number, enough to tell the market; null = neither number nor country is known.
        number_prefix text,
        primary key (channel_id, wamid, participant)
      );
      create index message_charges_at on message_charges (at);
    `);
    await queryRunner.query(`
      insert into message_charges
      select s.channel_id, s.wamid, s.participant, k.conversation_id, k.message_id,
        least(s.sent_at, s.delivered_at, s.read_at, s.played_at), s.pricing ->> 'type',
        lower(replace(s.pricing ->> 'category', '-', '_')),
        case jsonb_typeof(s.pricing -> 'billable') when 'boolean' then (s.pricing -> 'billable')::boolean end,
        s.pricing ->> 'pricing_model', m.sender_type, m.sender_id, m.content -> 'template' ->> 'name',
        left(nullif(regexp_replace(
          case when s.participant = '' then p.phone when s.participant ~ '^[0-9]+$' then s.participant end,
          '[^0-9]', '', 'g'), ''), 7)
      from message_statuses s
      join message_keys k on k.channel_id = s.channel_id and k.wamid = s.wamid
      join messages m on m.conversation_id = k.conversation_id and m.id = k.message_id and m.direction = 'outbound'
        and m.wamid = s.wamid
      join conversations v on v.id = k.conversation_id
      left join contacts p on p.id = v.contact_id
      where coalesce(s.delivered_at, s.read_at, s.played_at) is not null
        and (m.attempts > 0 or s.pricing ?| array['type', 'category'])
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table message_charges');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often each template reached a customer, by number and day (UTC): what is offered first. */
export class TemplateSends1795310000383 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table template_sends (
        channel_id uuid not null,
        day date not null,
        name text not null,
        language text not null,
        -- By the connection that counts: of transactions at once hardly two wait for the same row.
        slot smallint not null,
        sends int not null,
        primary key (channel_id, day, name, language, slot)
      )
    `);
    await queryRunner.query(`
      insert into template_sends
      select c.channel_id, (c.at at time zone 'UTC')::date, c.template, m.content -> 'template' ->> 'language', 0,
        count(distinct c.wamid)
      from message_charges c
      join messages m on m.conversation_id = c.conversation_id and m.id = c.message_id
      where c.at > app_now() - interval '90 days' and c.template is not null
        and m.content -> 'template' ->> 'language' is not null
      group by 1, 2, 3, 4
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table template_sends');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which answers of forms become attributes of the contact, and when each attribute was last changed, by hand or by an
 * answer: an older answer must not undo what is newer. An attribute that was taken away keeps its time. What is there
 * already counts as changed now: nobody knows when it was.
 */
export class AnswerMappings1795310000350 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table answer_mappings (
        id uuid primary key,
        -- null = every number
        channel_id uuid references channels (id) on delete cascade,
        -- Meta's id or name of the form, as our message named it; null = every form
        form text,
        field text not null,
        attribute text not null,
        created_at timestamptz not null default app_now()
      );
      create unique index answer_mappings_once on answer_mappings (channel_id, form, field, attribute) nulls not distinct;
      alter table contacts add column attribute_times jsonb not null default '{}';
      update contacts set attribute_times =
        (select jsonb_object_agg(name, to_char(app_now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
         from jsonb_object_keys(attributes) as name)
      where attributes <> '{}';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table contacts drop column attribute_times; drop table answer_mappings;');
  }
}

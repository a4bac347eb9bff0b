import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each agent was last connected, and after how many minutes away they no longer keep a waiting customer. */
export class Absence1795310000030 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table agent_presence (
        agent_id uuid primary key references agents on delete cascade,
        seen_at timestamptz not null
      ) with (fillfactor = 50);
      -- null = never.
      alter table workspace add column release_after_minutes smallint
        check (release_after_minutes between 1 and 1440);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table workspace drop column release_after_minutes;
      drop table agent_presence;
    `);
  }
}

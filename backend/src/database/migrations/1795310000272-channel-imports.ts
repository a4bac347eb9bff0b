import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What comes with the phone app on the same number. `origin` marks messages that nobody here answers: of its `history`,
 * or of a conversation that another system has (`standby`). How far the history has come stands beside its number.
 */
export class ChannelImports1795310000272 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table messages add column origin text;
      create table channel_imports (
        channel_id uuid primary key references channels on delete cascade,
        phase integer not null default 0,
        progress integer not null default 0,
        messages bigint not null default 0,
        declined_code integer,
        declined_reason text,
        started_at timestamptz not null,
        updated_at timestamptz not null
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table channel_imports; alter table messages drop column origin;');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ready-made replies, of everybody or of one team. */
export class CannedReplies1795310000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table canned_replies (
        id uuid primary key,
        shortcut text not null,
        title text not null,
        body text not null,
        team_id uuid references teams on delete cascade,
        updated_by_id uuid references agents on delete set null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create unique index canned_replies_shortcut on canned_replies (lower(shortcut));
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table canned_replies');
  }
}

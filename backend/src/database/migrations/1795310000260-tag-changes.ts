import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tags that were renamed, joined or removed, until the last conversation has followed. */
export class TagChanges1795310000260 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table tag_changes (
        id uuid primary key,
        from_name text not null,
        -- Null: the tag is gone.
        to_name text,
        created_at timestamptz not null default now()
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table tag_changes');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Since when Meta says that an id is somebody's (`retired_at`: since when it is not any more), so that changes of ids end
 * alike in whatever order they arrive; null = before all that is told.
 */
export class TimesOfIds1795310000373 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table contact_identities add column told_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table contact_identities drop column told_at');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What became of a message that did not get through: it was sent again as another one, or somebody took it off the
 * failure desk. Beside the message, because it moves with it when threads are merged.
 */
export class FailureDesk1795310000300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table messages add column settled_at timestamptz,
         add column settled_as text check (settled_as in ('resent', 'dismissed'))`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table messages drop column settled_at, drop column settled_as');
  }
}

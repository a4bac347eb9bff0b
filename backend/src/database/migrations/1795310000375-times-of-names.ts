import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When Meta last told a person's profile name and username, so that what was written under an older name and comes late
 * does not bring it back; null = before all that is told.
 */
export class TimesOfNames1795310000375 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table contacts add column named_at timestamptz, add column username_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table contacts drop column named_at, drop column username_at');
  }
}

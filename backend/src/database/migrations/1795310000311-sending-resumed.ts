import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a number was last allowed to send again: a failure that Meta tells of later, but from before then, stops nothing. */
export class SendingResumed1795310000311 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table channels add column sending_resumed_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table channels drop column sending_resumed_at');
  }
}

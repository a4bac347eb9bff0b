import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The queue in the order in which "Next" hands it out. */
export class NextInQueue1795310000101 implements MigrationInterface {
  /** Built concurrently, which no transaction allows. */
  transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create index concurrently if not exists conversations_next on conversations (waiting_since, last_activity_at, id)
        where merged_into_id is null and status = 'open' and assignee_id is null
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists conversations_next');
  }
}

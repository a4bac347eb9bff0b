import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Threads of a status from the most urgent to those that nobody gave a priority, each of them by their activity. */
export class ThreadsByPriority1795310000394 implements MigrationInterface {
  /** An index that is built concurrently cannot be part of a transaction. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index if exists conversations_priority');
    await queryRunner.query(`
      create index concurrently conversations_priority on conversations
        (status, coalesce(array_position('{low,normal,high,urgent}'::text[], priority), 0) desc, last_activity_at desc, id desc)
        where merged_into_id is null
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index conversations_priority');
  }
}

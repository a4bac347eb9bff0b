import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What stands on the failure desk: only messages of ours that failed, or of which nobody knows, and that nobody has
 * settled. Small beside the messages whatever their number, in the order of a group's page. The repository's condition
 * is word for word this one.
 */
export class UnsettledFailures1795310000310 implements MigrationInterface {
  /** Built concurrently, which no transaction allows. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists messages_failures');
    await queryRunner.query(`
      create index concurrently messages_failures on messages
        (status, coalesce(error ->> 'code', 'unknown'), coalesce(failed_at, unknown_at, event_at), id)
        where direction = 'outbound' and status in ('failed', 'unknown') and settled_at is null and type <> 'reaction'
          and origin is distinct from 'history' and coalesce(error ->> 'code', 'unknown') not in ('superseded', 'undone')
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists messages_failures');
  }
}

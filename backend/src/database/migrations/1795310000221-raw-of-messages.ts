import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which deliveries were about a message. By its id, not its wamid: ids grow with time, so the entries that are written
 * lie side by side at the end of the index.
 */
export class RawOfMessages1795310000221 implements MigrationInterface {
  /** Built concurrently, which no transaction allows. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists webhook_items_message');
    await queryRunner.query(`
      create index concurrently webhook_items_message on webhook_items (message_id) where message_id is not null
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists webhook_items_message');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How often an agent has marked a conversation as unread. A read cursor otherwise only goes forward; by this whoever hears
 * of it twice, or late, knows which of two is the newer.
 */
export class MarkedAsUnread1795310000363 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table read_cursors add column rewinds integer not null default 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table read_cursors drop column rewinds');
  }
}

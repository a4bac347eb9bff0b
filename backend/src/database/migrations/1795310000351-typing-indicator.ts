import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether customers of a number see "typing…". It marks as read, so a number whose ticks wait for the reply keeps them so
 * until an admin says otherwise.
 */
export class TypingIndicator1795310000351 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table channels add column typing_indicator boolean not null default true;
      update channels set typing_indicator = false where receipts_policy = 'on_reply';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table channels drop column typing_indicator');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Meta's webhooks of accounts and templates have whole seconds, and of one second the later arrival counts. What was told
 * before within the second that stands is kept here, so that its repetition does not pass for something newer.
 */
export class ToldWithinASecond1795310000374 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table channel_standing add column told_before jsonb not null default '[]'`);
    await queryRunner.query(`alter table message_templates add column told_at_once jsonb not null default '{}'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table message_templates drop column told_at_once');
    await queryRunner.query('alter table channel_standing drop column told_before');
  }
}

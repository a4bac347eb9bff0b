import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Calls stand in the thread as lines of its timeline. `call` is all that Meta has said of one, `rev` moves with it; the
 * newest one's line is kept with the conversation, whose list row shows it until a message is newer.
 */
export class Calls1795310000270 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table timeline_entries add column call jsonb, add column rev integer not null default 1;
      alter table conversations add column last_call_id uuid;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table timeline_entries drop column call, drop column rev;
      alter table conversations drop column last_call_id;
    `);
  }
}

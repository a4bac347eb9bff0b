import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is being worked on stands in the one row of the drain instead of in every delivery: one small update for each
 * batch, where the rows of all its bodies were written anew, with an entry in each of their four indexes (docs/adr/0009).
 */
export class DrainBatch1795310000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table webhook_drain
        add column generation bigint not null default 0,
        add column batch uuid[] not null default '{}'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table webhook_drain drop column batch, drop column generation');
  }
}

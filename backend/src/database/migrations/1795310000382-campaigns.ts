import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a message was sent for, as whoever sent it said; copied to its charge, as all that costs are broken down by. */
export class Campaigns1795310000382 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table messages add column campaign text;
      alter table message_charges add column campaign text;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table message_charges drop column campaign;
      alter table messages drop column campaign;
    `);
  }
}

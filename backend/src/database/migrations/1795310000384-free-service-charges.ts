import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many of a number's free service messages a month has used up is asked while somebody writes. */
export class FreeServiceCharges1795310000384 implements MigrationInterface {
  /** An index that is built concurrently cannot be part of a transaction. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index if exists message_charges_free_service');
    await queryRunner.query(`
      create index concurrently message_charges_free_service on message_charges (channel_id, at)
        where type like 'free%customer_service' and category in ('service', 'group_service')
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index message_charges_free_service');
  }
}

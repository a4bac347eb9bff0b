import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the deliveries that wait for a person, of millions that do not; empty on a good day, so it costs nothing. */
export class DeadDeliveries1795310000160 implements MigrationInterface {
  /** An index that is built concurrently cannot be part of a transaction. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index if exists webhook_deliveries_dead');
    await queryRunner.query(`
      create index concurrently webhook_deliveries_dead on webhook_deliveries (received_at) where state = 'dead'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index webhook_deliveries_dead');
  }
}

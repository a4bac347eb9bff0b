import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a customer is blocked at Meta, on the number of this thread; null = they are not. */
export class BlockedCustomers1795310000331 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table conversations add column blocked_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table conversations drop column blocked_at');
  }
}

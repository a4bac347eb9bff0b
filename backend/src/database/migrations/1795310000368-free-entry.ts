import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when everything in a thread is free that an advertisement or a page of Facebook began; null = not that we know. */
export class FreeEntry1795310000368 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table conversations add column free_until timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table conversations drop column free_until');
  }
}

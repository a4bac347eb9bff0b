import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that lie on another server than Meta's: the picture of an advertisement. */
export class LinkedMedia1795310000387 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table media_files add column source_url text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table media_files drop column source_url');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the conversations of a tag. */
export class TagSearch1795310000022 implements MigrationInterface {
  /** An index that is built concurrently cannot be part of a transaction. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index if exists conversations_tags');
    await queryRunner.query(`
      create index concurrently conversations_tags on conversations using gin (tags)
        where merged_into_id is null and tags <> '{}'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index conversations_tags');
  }
}

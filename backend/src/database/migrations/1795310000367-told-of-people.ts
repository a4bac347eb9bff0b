import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What Meta tells of a person beside their messages, each with Meta's time of it, since what is older changes nothing:
 * whether they want marketing messages, and the hash that changes with their security code.
 */
export class ToldOfPeople1795310000367 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table contacts
        add column marketing_stopped boolean not null default false,
        add column marketing_told_at timestamptz,
        add column identity_hash text,
        add column identity_hash_at timestamptz
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table contacts drop column marketing_stopped, drop column marketing_told_at, drop column identity_hash,
        drop column identity_hash_at
    `);
  }
}

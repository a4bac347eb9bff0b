import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the team keeps of a customer. */
export class ContactDetails1795310000031 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table contacts
        add column language text,
        add column attributes jsonb not null default '{}';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table contacts drop column attributes, drop column language');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What tells a number's conversations from those of the others, and whose they are from the start. */
export class ColoursOfNumbers1795310000381 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table channels add column colour text;
      alter table channels add column team_id uuid references teams on delete set null;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table channels drop column colour, drop column team_id');
  }
}

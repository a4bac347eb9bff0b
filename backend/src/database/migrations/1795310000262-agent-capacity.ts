import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many open threads one agent is thought to look after: what the board's load is measured by. */
export class AgentCapacity1795310000262 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table workspace add column agent_capacity integer not null default 10');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table workspace drop column agent_capacity');
  }
}

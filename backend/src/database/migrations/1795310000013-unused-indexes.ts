import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Takes away indexes that no query reads; each cost every write of its table. */
export class UnusedIndexes1795310000013 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    // Agents are never deleted, and a cursor is always looked for by its conversation; the planner took this index
    // instead, read all that an agent ever opened, and threw it away.
    await queryRunner.query('drop index concurrently if exists read_cursors_agent');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('create index concurrently read_cursors_agent on read_cursors (agent_id)');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts what was there before the triggers were. In a transaction after theirs, so that nothing waits while a million
 * rows are counted: one snapshot sees the conversations and what the triggers have noted of them, and what was noted is
 * taken off again.
 */
export class FirstConversationCounts1795310000012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      insert into conversation_counts (status, team_id, is_owned, count)
      select status, team_id, is_owned, sum(count) from (
        select status, team_id, assignee_id is not null as is_owned, count(*) as count from conversations
        where merged_into_id is null and status <> 'resolved' group by 1, 2, 3
        union all
        select status, team_id, is_owned, -step from conversation_count_steps
      ) seen
      group by 1, 2, 3
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('delete from conversation_counts');
  }
}

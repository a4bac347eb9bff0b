import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whom each portfolio wrote to first, and when last: Meta counts different customers within a moving 24 hours, so one row
 * a customer is enough. The message that opened it is named, as one that failed opened nothing.
 */
export class PortfolioOpenings1795310000359 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table portfolio_openings (
        portfolio_id text not null,
        contact_id uuid not null references contacts (id) on delete cascade,
        conversation_id uuid not null,
        message_id uuid not null,
        opened_at timestamptz not null,
        primary key (portfolio_id, contact_id)
      );
      create index portfolio_openings_by_time on portfolio_openings (portfolio_id, opened_at);
      create index portfolio_openings_of_contact on portfolio_openings (contact_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table portfolio_openings;');
  }
}

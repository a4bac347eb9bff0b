import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files by link: which request of an agent has fetched which, or is about to: a repeated one fetches nothing twice. */
export class MediaLinks1795310000386 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table media_links (
        agent_id uuid not null references agents on delete cascade,
        client_message_id uuid not null,
        link_sha256 text not null,
        -- Null while it is being fetched.
        file_id uuid references media_files on delete cascade,
        lease_id uuid not null,
        lease_until timestamptz not null,
        primary key (agent_id, client_message_id, link_sha256)
      );
      create index media_links_file on media_links (file_id) where file_id is not null;
      create index media_links_leased on media_links (lease_until) where file_id is null;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table media_links');
  }
}

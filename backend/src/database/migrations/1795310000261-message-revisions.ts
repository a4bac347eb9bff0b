import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a customer edited or deleted after sending. `revisions` is every wording there was, null until the first change:
 * beside the message, because nothing but its own history ever reads it.
 */
export class MessageRevisions1795310000261 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table messages add column revisions jsonb, add column edited_at timestamptz, add column revoked_at timestamptz`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table messages drop column revisions, drop column edited_at, drop column revoked_at',
    );
  }
}

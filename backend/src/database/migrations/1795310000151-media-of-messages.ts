import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which messages name a file: who may see it, and whether it is still needed. */
export class MediaOfMessages1795310000151 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index if exists messages_media');
    await queryRunner.query(
      'create index concurrently messages_media on messages (media_id) where media_id is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index messages_media');
  }
}

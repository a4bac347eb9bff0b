import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was sent to and fro in a conversation besides words: pictures and films, files, links; newest first. */
export class Gallery1795310000222 implements MigrationInterface {
  /** Built concurrently, which no transaction allows. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, condition] of [
      ['messages_gallery_media', `type in ('image', 'video')`],
      ['messages_gallery_files', `type in ('document', 'audio')`],
      ['messages_gallery_links', `body ~* '(https?://|www\\.)'`],
    ]) {
      await queryRunner.query(`drop index concurrently if exists ${name}`);
      await queryRunner.query(`
        create index concurrently ${name} on messages (conversation_id, event_second desc, seq desc) where ${condition}
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const kind of ['media', 'files', 'links']) {
      await queryRunner.query(`drop index concurrently if exists messages_gallery_${kind}`);
    }
  }
}

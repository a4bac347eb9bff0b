import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which messages name a file on one of their cards: who may see it, and whether it is still needed. */
export class CardsOfMessages1795310000321 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index if exists messages_card_files');
    await queryRunner.query(
      'create index concurrently messages_card_files on messages using gin (card_file_ids) where card_file_ids is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index messages_card_files');
  }
}

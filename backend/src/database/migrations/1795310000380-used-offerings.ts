import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Messages of ours that name a form, a catalogue or a product, the newest of a number first: what is offered to whoever
 * names one next. Few beside all messages. The repository's condition is word for word this one.
 */
export class UsedOfferings1795310000380 implements MigrationInterface {
  /** Built concurrently, which no transaction allows. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists messages_offerings');
    await queryRunner.query(`
      create index concurrently messages_offerings on messages (channel_id, id desc)
      where direction = 'outbound' and type in ('interactive', 'template') and content @? '
  $ ? (exists (@.interactive.flow) || exists (@.interactive.catalogId) || exists (@.interactive.productId)
    || exists (@.templateComponents.**.product_retailer_id)
    || exists (@.templateComponents.**.thumbnail_product_retailer_id))'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists messages_offerings');
  }
}

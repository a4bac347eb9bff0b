import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The files of a carousel's cards. A list in the message's own row, for a merge moves it along, and the message of one file
 * (`media_id`) stays as it is.
 */
export class CardFiles1795310000320 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table messages add column card_file_ids uuid[];

      create function note_unlinked_cards() returns trigger language plpgsql as $$
      begin
        update media_files set unlinked_at = now()
        where id = any(old.card_file_ids)
          and not exists (select from messages where card_file_ids @> array[media_files.id]);
        return null;
      end $$;
      create trigger messages_cards_unlinked after delete on messages
        for each row when (old.card_file_ids is not null) execute function note_unlinked_cards();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger messages_cards_unlinked on messages;
      drop function note_unlinked_cards;
      alter table messages drop column card_file_ids;
    `);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The phone app reacts as the business, and Meta does not say who held the phone: such a reaction is the `system`'s. */
export class PhoneReactions1795310000271 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Unvalidated: what stands satisfies the narrower check that goes, and nobody waits for a scan.
    await queryRunner.query(`
      alter table message_reactions drop constraint message_reactions_actor_type_check;
      alter table message_reactions add constraint message_reactions_actor_type_check
        check (actor_type in ('contact', 'agent', 'system')) not valid;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      delete from message_reactions where actor_type = 'system';
      alter table message_reactions drop constraint message_reactions_actor_type_check;
      alter table message_reactions add constraint message_reactions_actor_type_check
        check (actor_type in ('contact', 'agent'));
    `);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What Meta says of the numbers and of their business accounts, part by part, each as it was last said. */
export class ChannelStanding1795310000330 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table channel_standing (
        business_account_id text not null,
        -- Meta's id of the number that it is about; '' = the account as a whole.
        phone_number_id text not null default '',
        part text not null,
        -- { value, detail? } in Meta's words; of the part 'report' the last check as it was answered.
        value jsonb not null,
        -- 'webhook' or 'check'.
        source text not null,
        -- Meta's time of a webhook, the second of a check: what is older than this changes nothing.
        told_at timestamptz not null,
        -- Since when the value is the same.
        since timestamptz not null,
        -- When it ends by itself.
        until timestamptz,
        -- Somebody has seen it, and nothing else would end it.
        dismissed_at timestamptz,
        primary key (business_account_id, phone_number_id, part)
      ) with (fillfactor = 80);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table channel_standing');
  }
}

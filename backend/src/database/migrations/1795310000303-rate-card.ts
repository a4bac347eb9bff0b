import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What Meta asks for a message, as an admin enters it: amounts by day, market and category. It starts empty, because no
 * tariff is code; the terms are those that Meta published, and are edited likewise.
 */
export class RateCard1795310000303 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table rates (
        id uuid primary key,
        -- Holds from the start of this day (billing_settings.time_zone) until the next rate of its market and category.
        effective_from date not null,
        -- First digits of the recipient's number, without +; '' = every number that no other rate fits.
        prefix text not null check (prefix ~ '^[0-9]{0,7}$'),
        category text not null,
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        -- Millionths of the currency's unit: exact, with two decimals more than Meta's rate cards have.
        amount_micros bigint not null check (amount_micros >= 0),
        updated_at timestamptz not null default now(),
        updated_by_id uuid references agents,
        unique (effective_from, prefix, category)
      );

      -- What is free, from a day on.
      create table billing_terms (
        effective_from date primary key,
        -- Free service messages for each business number in a month; null = as many as there are.
        service_allowance integer check (service_allowance >= 0),
        -- Whether utility templates cost nothing while the customer service window is open.
        utility_free_in_window boolean not null
      );
      insert into billing_terms values ('2025-07-01', null, true), ('2026-10-01', 1000, false);

      -- One row: where the day begins for Meta's bill, as the business account has it.
      create table billing_settings (
        only_row boolean primary key default true check (only_row),
        time_zone text not null default 'UTC'
      );
      insert into billing_settings default values;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table billing_settings, billing_terms, rates');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The message templates of each business account, as Meta last told of them or as they were last read. */
export class Templates1795310000240 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table message_templates (
        business_account_id text not null,
        -- Meta's, opaque.
        id text not null,
        name text not null,
        language text not null,
        category text not null default 'unknown',
        upcoming_category text,
        upcoming_category_at timestamptz,
        status text not null default 'unknown',
        status_reason text,
        status_detail text,
        quality text not null default 'unknown',
        parameter_format text not null default 'positional',
        -- As Meta has them; null until they were read.
        components jsonb,
        -- Of what time each part is, null = never told: an older report changes nothing.
        status_at timestamptz,
        quality_at timestamptz,
        category_at timestamptz,
        components_at timestamptz,
        seen_at timestamptz,
        updated_at timestamptz not null,
        primary key (business_account_id, id)
      ) with (fillfactor = 80);
      create index message_templates_by_name on message_templates (business_account_id, name, language);

      -- Reading an account's templates from Meta: when it is due, who is at it, what came of it.
      create table template_syncs (
        business_account_id text primary key,
        next_at timestamptz not null default now(),
        lease_id uuid,
        lease_until timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        found integer not null default 0,
        failures integer not null default 0,
        error text
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table template_syncs, message_templates');
  }
}
